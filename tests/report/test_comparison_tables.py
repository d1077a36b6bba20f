"""Tables of a comparison: names are printed as they are."""

from dataclasses import replace

import pytest

from ngn_core.dataset.crystal_set import Skipped
from ngn_core.report.files import summary_as_markdown
from ngn_core.report.terminal import print_summary
from ngn_core.summary.comparison import ComparisonTable, Line, ScoreColumn
from ngn_core.summary.remarks import heading
from ngn_core.summary.spread import Spread
from ngn_core.summary.summary import summarize


@pytest.fixture
def line(made_results):
    """A line of some trial."""
    return lambda name, score, best: Line(
        name, {"mae": score}, (made_results[0],), best
    )


@pytest.fixture
def table(line):
    """A table whose names look like markup, with some of it changed."""

    def made(**changes):
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
            "columns": (ScoreColumn("mae", "MAE [/b]", "[red]", "lower"),),
            "lines": (line("s[/b]", Spread(36.95, 12.17, 1), True),),
            "failures": (),
            "skipped": (Skipped("i[/b]", "row [1]", "bad [/x] :smile:"),),
            "notes": ("a note [bold]",),
        }
        return ComparisonTable(**{**values, **changes})

    return made


def test_brackets_are_printed_as_they_are(capsys, table):
    print_summary(summarize([table()]))
    out = capsys.readouterr().out
    assert "x[/b]: gap [eV] (regression, [red]), 30 crystals, 5 folds ([made])" in out
    for text in ("s[/b]", "MAE [/b]", "[[red]]", "36.95 ± 12.17"):
        assert text in out
    assert "Skipped i[/b] (row [1]): bad [/x] :smile:" in out
    assert "a note [bold]" in out


def test_errors_in_dex_have_their_factor_beside(line, table):
    column = ScoreColumn("mae", "MAE", "dex", "lower")
    dex = line("s", Spread(0.049, 0.002, 5), True)
    printed = summary_as_markdown(summarize([table(columns=(column,), lines=(dex,))]))
    assert "MAE [dex]" in printed
    assert "0.04900 ± 0.00200 (x 1.12)" in printed


def test_names_are_not_cut(capsys, monkeypatch, line, table):
    monkeypatch.setenv("COLUMNS", "40")  # not a terminal: 160 columns all the same
    long = line("n" * 60, Spread(1.5, 0.5, 2), False)
    print_summary(summarize([table(lines=(long,))]))
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
def test_what_has_no_unit_is_not_asked_for_it(task, unit, text, table):
    made = table(task=task, unit=unit)
    assert text in heading(made)
    assert text in summary_as_markdown(summarize([made]))


def test_one_thing_has_no_plural(table):
    text = heading(table(crystals=1, n_folds=1, seeds=1))
    assert text.endswith("1 crystal, 1 fold ([made]), 1 seed")
    text = heading(table(crystals=2000, n_folds=2))
    assert text.endswith("2,000 crystals, 2 folds ([made]), 2 seeds")


def test_remarks_beyond_those_shown_are_counted(capsys, table):
    print_summary(summarize([table(notes=("n",) * 29, skipped=())]))
    assert "more remark" not in capsys.readouterr().out
    print_summary(summarize([table(notes=("n",) * 30, skipped=())]))
    assert "and 1 more remark," in capsys.readouterr().out


def test_a_part_of_a_task_is_called_so_and_the_whole_by_its_name(table):
    task = {"benchmark": "matbench_perovskites", "benchmark_rows": 18928}
    part = table(**task, dataset="part of matbench_perovskites", crystals=17928)
    text = heading(part)
    assert text.startswith("part of matbench_perovskites: 17,928 of 18,928 crystals; ")
    assert text in summary_as_markdown(summarize([part]))
    whole = heading(table(**task, dataset="matbench_perovskites", crystals=18928))
    assert whole.startswith("matbench_perovskites: gap [eV]")
    assert "part of" not in whole


def test_balanced_accuracy_says_what_matbench_calls_it(capsys, line, table):
    columns = (
        ScoreColumn("mae", "ROC-AUC", "", "higher"),
        ScoreColumn("balanced_accuracy", "balanced accuracy", "", "higher"),
    )
    found = {"mae": Spread(0.95, 0.01, 1), "balanced_accuracy": Spread(0.91, 0.01, 1)}
    lines = (replace(line("s", Spread(0.95, 0.01, 1), True), scores=found),)
    made = table(columns=columns, lines=lines)
    assert "rocauc" not in summary_as_markdown(summarize([made]))
    named = replace(made, benchmark="matbench_mp_is_metal", benchmark_rows=30)
    assert "balanced accuracy (MatBench calls it rocauc)" in summary_as_markdown(
        summarize([named])
    )
    assert "| ROC-AUC |" in summary_as_markdown(summarize([named]))
