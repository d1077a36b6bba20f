"""Tables of a comparison: names are printed as they are."""

from types import SimpleNamespace

import pytest

from ngn_core.compare.comparison import Column, Line, Spread, Table
from ngn_core.data.crystal_set import Skipped
from ngn_core.report.files import as_markdown
from ngn_core.report.rows import heading, remarks
from ngn_core.report.terminal import print_tables


def result():
    return SimpleNamespace(
        epochs=2, cost={"parameters": 9}, graph={"build_seconds": 0.1}
    )


def table(**changes):
    values = {
        "dataset": "x[/b]",
        "target": "gap [eV]",
        "unit": "[red]",
        "task": "regression",
        "crystals": 30,
        "n_folds": 5,
        "fold_source": "[made]",
        "held_out": 0,
        "seeds": 2,
        "columns": (Column("mae", "MAE [/b]", "[red]", "lower"),),
        "lines": (Line("s[/b]", {"mae": Spread(36.95, 12.17, 1)}, (result(),), True),),
        "failures": (),
        "skipped": (Skipped("i[/b]", "row [1]", "bad [/x] :smile:"),),
        "notes": ("a note [bold]",),
    }
    return Table(**{**values, **changes})


def test_brackets_are_printed_as_they_are(capsys):
    print_tables([table()])
    out = capsys.readouterr().out
    assert "x[/b]: gap [eV] (regression, [red]), 30 crystals, 5 folds ([made])" in out
    for text in ("s[/b]", "MAE [/b]", "[red] ┃", "36.95 ± 12.17"):
        assert text in out
    assert "Skipped i[/b] (row [1]): bad [/x] :smile:" in out
    assert "a note [bold]" in out


def test_errors_in_dex_have_their_factor_beside():
    column = Column("mae", "MAE", "dex", "lower")
    line = Line("s", {"mae": Spread(0.049, 0.002, 5)}, (result(),), True)
    printed = as_markdown([table(columns=(column,), lines=(line,))])
    assert "MAE [dex]" in printed
    assert "0.04900 ± 0.00200 (x 1.12)" in printed


def test_names_are_not_cut(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")  # not a terminal: 160 columns all the same
    line = Line("n" * 60, {"mae": Spread(1.5, 0.5, 2)}, (result(),), False)
    print_tables([table(lines=(line,))])
    out = capsys.readouterr().out
    assert "n" * 60 in out
    assert "…" not in out


@pytest.mark.parametrize(
    ("task", "unit", "text"),
    [
        ("binary", "?", "(binary)"),
        ("binary", "", "(binary)"),
        ("regression", "?", "(regression, ?)"),
        ("regression", "eV", "(regression, eV)"),
    ],
)
def test_what_has_no_unit_is_not_asked_for_it(task, unit, text):
    made = table(task=task, unit=unit)
    assert text in heading(made)
    assert text in as_markdown([made])


def test_one_thing_has_no_plural():
    text = heading(table(crystals=1, n_folds=1, seeds=1))
    assert text.endswith("1 crystal, 1 fold ([made]), 1 seed")
    text = heading(table(crystals=2000, n_folds=2))
    assert text.endswith("2,000 crystals, 2 folds ([made]), 2 seeds")


def test_one_seed_is_a_remark():
    sentence = "One seed: the noise of seeds was not measured."
    assert sentence in remarks(table(seeds=1))
    assert sentence not in remarks(table(seeds=2))


def test_remarks_beyond_those_shown_are_counted(capsys):
    print_tables([table(notes=("n",) * 29, skipped=())])
    assert "more remark" not in capsys.readouterr().out
    print_tables([table(notes=("n",) * 30, skipped=())])
    assert "and 1 more remark," in capsys.readouterr().out
