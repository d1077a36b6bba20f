"""One screen: what fits is shown, and what a careful reader would say."""

import pytest
from rich.console import Console

from ngn_core.report.brief import brief_sheet
from ngn_core.report.fitting import print_sheet
from ngn_core.report.plot import plot_as_csv
from ngn_core.report.plotly_plot import as_plotly
from ngn_core.report.prediction_plots import LISTED, MOST, parity_plot
from ngn_core.report.ratio import as_much
from ngn_core.report.summary import summary
from ngn_core.statistics.crystal_errors import CrystalError


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_the_terminal_without_folding(comparison, width, capsys):
    sheet = brief_sheet(comparison, width)
    print_sheet(Console(width=width), sheet)
    lines = capsys.readouterr().out.splitlines()
    assert sheet.columns[:2] == ("spec", "outcome")
    rows = [line for line in lines if line.startswith((" good", " near", " far"))]
    assert len(rows) == 3
    assert max(map(len, lines)) <= width
    assert len(lines) < 20


def test_a_wider_terminal_has_more_columns(comparison):
    counts = [len(brief_sheet(comparison, width).columns) for width in (80, 120, 400)]
    assert counts[0] < counts[1] < counts[2]


def test_the_summary_says_who_is_worse_and_what_is_not_known(comparison):
    first, *others = summary(comparison)
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


def test_a_large_set_is_sampled_with_a_note_and_keeps_the_worst(comparison):
    size = 3 * MOST
    errors = {
        "far": [CrystalError(str(n), 1.0, 2.0, float(n % 997)) for n in range(size)]
    }
    errors["far"][7] = CrystalError("worst", 1.0, 99.0, 1e6)
    plot = parity_plot(comparison, errors, {"far": 0})
    (series,) = plot.series
    assert len(series.x) <= MOST + LISTED
    assert any(text.startswith("worst") for text in series.texts)
    assert f"of {size:,}" in plot.note
    drawn = as_plotly(plot)["data"][-1]
    assert drawn["type"] == "scattergl"
    assert len(plot_as_csv(plot).splitlines()) == len(series.x) + 1
