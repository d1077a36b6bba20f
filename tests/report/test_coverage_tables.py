"""Coverage against nominal and error rejection, in every file of a report."""

import csv
import json
from dataclasses import replace

import pytest

from ngn_core.report.coverage import coverage_sheet, rejection_sheet
from ngn_core.report.files import write_report
from ngn_core.report.plots import colors_of, plots_of
from ngn_core.report.sheets import sheets_of
from ngn_core.statistics.coverage import KEPT, NOMINALS
from ngn_core.summary.tables import Asked, tables_of


@pytest.fixture(scope="module")
def one_seed(made_results, registry):
    """The comparison with the first seed alone."""
    own = [result for result in made_results if result.seed == 0]
    return tables_of(own, registry, Asked())[0]


@pytest.fixture(scope="module")
def one_fold(made_results, registry):
    """The comparison on the first fold alone."""
    own = [replace(one, n_folds=1) for one in made_results if one.fold == 0]
    return tables_of(own, registry, Asked())[0]


def test_reports_show_a_row_for_each_spec_and_two_for_each_curve(comparison):
    coverage, rejection = coverage_sheet(comparison), rejection_sheet(comparison)
    titles = [sheet.title for sheet in sheets_of(comparison)]
    assert {coverage.title, rejection.title} < set(titles)
    specs = [line.spec for line in comparison.lines]
    assert [row[0] for row in coverage.groups[0]] == specs
    assert [row[0] for row in rejection.groups[0][::2]] == specs
    for sheet in (coverage, rejection):
        assert all(len(row) == len(sheet.columns) for row in sheet.groups[0])


def test_the_figures_draw_what_the_tables_say(comparison):
    plots = {plot.name: plot for plot in plots_of(comparison, colors_of([comparison]))}
    coverage, rejection = plots["coverage"], plots["error_rejection"]
    assert coverage.diagonal
    assert coverage.series[0].x == NOMINALS
    assert coverage.series[0].y == tuple(comparison.coverage[0].held.values())
    line, points = rejection.series[:2]
    assert line.x == points.x == pytest.approx([1 - share for share in KEPT])
    assert all(low <= high for low, high in zip(points.y, line.y, strict=True))


def test_one_seed_has_no_curve_and_the_report_says_so(one_seed):
    assert rejection_sheet(one_seed) is None
    assert "Error rejection not measured" in coverage_sheet(one_seed).note
    names = [plot.name for plot in plots_of(one_seed, colors_of([one_seed]))]
    assert "coverage" in names
    assert "error_rejection" not in names


def test_one_fold_has_no_interval(one_fold):
    assert coverage_sheet(one_fold) is None
    assert rejection_sheet(one_fold) is not None


def test_too_few_residuals_are_no_number(made_results, registry):
    few = [replace(one, predictions=one.predictions[:2]) for one in made_results]
    (table,) = tables_of(few, registry, Asked())
    sheet = coverage_sheet(table)
    assert sheet.groups[0][0][-2:-1] == ("-",)
    assert "-: too few residuals" in sheet.note


def test_numbers_are_in_json_and_csv(comparison, one_seed, tmp_path):
    write_report([comparison], tmp_path / "two")
    [plain] = json.loads((tmp_path / "two" / "comparison.json").read_text())
    assert [one["spec"] for one in plain["coverage"]] == [
        line.spec for line in comparison.lines
    ]
    with (tmp_path / "two" / "coverage.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(comparison.lines) * len(NOMINALS)
    assert float(rows[0]["held"]) == plain["coverage"][0]["intervals"][0]["held"]
    with (tmp_path / "two" / "rejection.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(comparison.lines) * 2 * len(KEPT)
    assert float(rows[0]["mae"]) == plain["rejection"][0]["kept"][0]["mae_by_spread"]
    write_report([one_seed], tmp_path / "one")
    assert (tmp_path / "one" / "coverage.csv").exists()
    assert not (tmp_path / "one" / "rejection.csv").exists()
