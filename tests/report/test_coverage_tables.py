"""Coverage against nominal and error rejection, in every file of a report."""

import csv
import json
from dataclasses import replace

import pytest

from ngn_core.report.files import write_report
from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.plots import colors_of, plots_of
from ngn_core.statistics.coverage import KEPT, NOMINALS
from ngn_core.summary.summary import summarize
from ngn_core.summary.tables import ReportOptions, tables_of


@pytest.fixture(scope="module")
def one_seed(made_results, registry):
    """The comparison with the first seed alone."""
    own = [result for result in made_results if result.seed == 0]
    return summarize(tables_of(own, registry, ReportOptions()))


@pytest.fixture(scope="module")
def one_fold(made_results, registry):
    """The comparison on the first fold alone."""
    own = [replace(one, n_folds=1) for one in made_results if one.fold == 0]
    return summarize(tables_of(own, registry, ReportOptions()))


def named(summary, name):
    """Return a table of the only target, None where it is not there."""
    found = {table.name: table for table in summary.parts[0].tables}
    return found.get(name)


def test_reports_show_a_row_for_each_spec_and_two_for_each_curve(comparison):
    coverage, rejection = named(comparison, "coverage"), named(comparison, "rejection")
    (found,) = comparison.parts
    for place in ("page", "document"):
        assert {"coverage", "rejection"} < {table.name for table in found.at(place)}
    specs = [line.spec for line in found.comparison.lines]
    assert [row[0] for row in coverage.groups[0]] == specs
    assert [row[0] for row in rejection.groups[0][::2]] == specs
    for table in (coverage, rejection):
        assert all(len(row) == len(table.columns) for row in table.groups[0])


def test_the_figures_draw_what_the_tables_say(comparison):
    plots = {
        plot.name: plot for plot in plots_of(comparison.parts[0], colors_of(comparison))
    }
    coverage, rejection = plots["coverage"], plots["error_rejection"]
    assert coverage.diagonal
    assert coverage.series[0].x == NOMINALS
    assert coverage.series[0].y == tuple(
        comparison.parts[0].comparison.coverage[0].held.values()
    )
    line, points = rejection.series[:2]
    assert line.x == points.x == pytest.approx([1 - share for share in KEPT])
    assert all(low <= high for low, high in zip(points.y, line.y, strict=True))


def test_one_seed_has_no_curve_and_the_report_says_so(one_seed):
    assert named(one_seed, "rejection") is None
    assert "Error rejection not measured" in named(one_seed, "coverage").note
    names = [plot.name for plot in plots_of(one_seed.parts[0], colors_of(one_seed))]
    assert "coverage" in names
    assert "error_rejection" not in names


def test_one_fold_has_no_interval(one_fold):
    assert named(one_fold, "coverage") is None
    assert named(one_fold, "rejection") is not None


def test_too_few_residuals_are_no_number(made_results, registry):
    few = [replace(one, predictions=one.predictions[:2]) for one in made_results]
    table = named(summarize(tables_of(few, registry, ReportOptions())), "coverage")
    assert table.by_name(table.groups[0][0])["held_95%"] is None
    assert cell_text(None, table.columns[4]) == "-"
    assert "-: too few residuals" in table.note


def test_numbers_are_in_json_and_csv(comparison, one_seed, tmp_path):
    write_report(comparison, tmp_path / "two")
    [plain] = json.loads(
        (tmp_path / "two" / "comparison.json").read_text(encoding="utf-8")
    )
    told = {table["name"]: table["rows"] for table in plain["tables"]}
    lines = comparison.parts[0].comparison.lines
    assert [one["spec"] for one in told["coverage"]] == [line.spec for line in lines]
    with (tmp_path / "two" / "coverage.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(lines)
    for row, one in zip(rows, told["coverage"], strict=True):
        for nominal in NOMINALS:
            assert float(row[f"held_{nominal:.0%}"]) == one[f"held_{nominal:.0%}"]
            width = f"width_{nominal:.0%}"
            assert float(row[f"{width} [eV]"]) == one[width]
    with (tmp_path / "two" / "rejection.csv").open(
        newline="", encoding="utf-8"
    ) as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(lines) * 2
    for row, one in zip(rows, told["rejection"], strict=True):
        for share in KEPT:
            assert float(row[f"mae_of_{share:.0%}"]) == one[f"mae_of_{share:.0%}"]
    write_report(one_seed, tmp_path / "one")
    assert (tmp_path / "one" / "coverage.csv").exists()
    assert not (tmp_path / "one" / "rejection.csv").exists()
