"""One screen: what fits is shown, and what a careful reader would say."""

import pytest
from rich.console import Console

from ngn_core.report.formats.terminal import fit_width, print_table
from ngn_core.report.plot import plot_as_csv
from ngn_core.report.plotly_plot import as_plotly
from ngn_core.report.prediction_plots import MOST, parity_plot
from ngn_core.statistics.crystal_errors import CrystalError
from ngn_core.summary.ratio import as_much
from ngn_core.summary.worst_crystals import LISTED


@pytest.fixture(scope="module")
def found(comparison):
    return comparison.parts[0]


@pytest.fixture(scope="module")
def brief(found):
    return found.at("terminal")[0]


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal_without_folding(brief, width, capsys):
    table, _ = fit_width(brief, width)
    print_table(Console(width=width), brief)
    lines = capsys.readouterr().out.splitlines()
    assert [column.title for column in table.columns[:2]] == ["spec", "outcome"]
    rows = [line for line in lines if line.startswith((" good", " near", " far"))]
    assert len(rows) == 3
    assert max(map(len, lines)) <= width
    assert len(lines) < 20


def test_a_wider_terminal_has_more_columns(brief):
    counts = [len(fit_width(brief, width)[0].columns) for width in (80, 120, 400)]
    assert counts[0] < counts[1] < counts[2]


def test_the_summary_says_who_is_worse_and_what_is_not_known(found):
    first, *others = found.conclusions
    assert first.startswith("Not separated from the best by MAE: ")
    assert "near" in first
    assert "far" not in first.partition(":")[2]
    assert any("undecided on gap" in sentence for sentence in others)
    assert any(sentence.startswith("far is worse than ") for sentence in others)


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.0, "as much"),
        (1 / 9, "a ninth"),
        (0.5, "half"),
        (0.75, "75 % as much"),
        (3.14, "3.1 times as much"),
        (1 / 40, "one part in 40"),
    ],
)
def test_ratios_in_words(ratio, words):
    assert as_much(ratio) == words


def test_a_large_set_is_sampled_with_a_note_and_keeps_the_worst():
    size = 3 * MOST
    errors = {
        "far": [CrystalError(str(n), 1.0, 2.0, float(n % 997)) for n in range(size)]
    }
    errors["far"][7] = CrystalError("worst", 1.0, 99.0, 1e6)
    plot = parity_plot(errors, {}, "gap", "eV", {"far": 0})
    (series,) = plot.series
    assert len(series.x) <= MOST + LISTED
    assert any(text.startswith("worst") for text in series.texts)
    assert f"of {size:,}" in plot.note
    drawn = as_plotly(plot)["data"][-1]
    assert drawn["type"] == "scattergl"
    assert len(plot_as_csv(plot).splitlines()) == len(series.x) + 1
