"""Predictions on the terminal and as CSV."""

import csv

from ngn_core.dataset.crystal_set import Skipped
from ngn_core.prediction.predict import Model, Prediction, Predictions
from ngn_core.report.predictions import print_predictions, write_predictions


def predictions(trials, ids=("i[/b]",), skipped=()):
    model = Model("s[/b]", "x[/b]", "gap [eV]", "[red]", trials)
    rows = tuple(
        Prediction(name, model, 0.3111, 0.0 if trials == 1 else 0.02) for name in ids
    )
    return Predictions((model,), rows, skipped)


def test_brackets_are_printed_as_they_are(capsys):
    file = f"{'folder/' * 30}[/b].cif"
    print_predictions(predictions(2, skipped=(Skipped(file, file, "bad [/x]"),)))
    out = capsys.readouterr().out
    for text in ("i[/b]", "s[/b]", "gap [eV]", "[red]", "0.3111 ± 0.0200"):
        assert text in out
    assert f"skipped {file}: bad [/x]\n" in out
    assert "One trial" not in out


def test_ids_are_not_cut(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")  # not a terminal: 160 columns all the same
    short, long = "a" * 80, "q" * 300
    print_predictions(predictions(2, (short, long)))
    out = capsys.readouterr().out
    assert short in out
    assert out.count("q") == 300
    assert "…" not in out


def test_one_trial_has_no_spread(capsys, tmp_path):
    found = predictions(1)
    print_predictions(found)
    out = capsys.readouterr().out
    assert "0.3111 ± - " in out
    assert "One trial gives no spread." in out
    for made, wanted in ((found, ""), (predictions(2), "0.02")):
        write_predictions(made, tmp_path / "out.csv")
        with (tmp_path / "out.csv").open(encoding="utf-8") as file:
            (row,) = csv.DictReader(file)
        assert (row["prediction"], row["spread"]) == ("0.3111", wanted)


def test_rows_beyond_those_shown_are_counted(capsys):
    print_predictions(predictions(2, [f"id{place}" for place in range(51)]))
    assert "and 1 more row; see --out" in capsys.readouterr().out
