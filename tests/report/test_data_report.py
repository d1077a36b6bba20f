"""The survey of a dataset on the terminal, as JSON and as a page."""

import json
import re

import pytest

from ngn_core.crystal.reading import from_arrays
from ngn_core.dataset.dataset import DatasetTable, Row, Target
from ngn_core.dataset.make_folds import SplitChoice
from ngn_core.inspection.survey import survey
from ngn_core.report.data_facts import facts
from ngn_core.report.data_figures import figures
from ngn_core.report.data_page import as_html, write_page
from ngn_core.report.data_table import print_survey, survey_as_json
from ngn_core.report.data_tables import survey_tables

ANIONS = ["F", "Cl", "Br", "I", "O", "S", "Se", "Te", "N", "P"]


def made(registry, silent, small_spec, task, split):
    """Twenty salts of ten formulas, the second of each a bit larger; one is far out."""

    def read(place):
        edge = 5.0 + 0.2 * (place // 10)
        lattice = [[0, edge, edge], [edge, 0, edge], [edge, edge, 0]]
        species = ["Na", ANIONS[place % 10]]
        return from_arrays(lattice, species, [[0, 0, 0], [0.5, 0.5, 0.5]])

    def value(place):
        return place % 2 if task == "binary" else (99.5 if place == 3 else place + 0.25)

    rows = [
        Row(f"<c{i}>", f"row [{i}]", lambda i=i: read(i), {"gap": value(i)})
        for i in range(20)
    ]
    table = DatasetTable(
        "salts & <co>", rows, {"gap": Target("eV", task)}, "model [data]"
    )
    return survey(table, "gap", SplitChoice(split), small_spec, registry, silent)


@pytest.fixture(scope="module")
def salts(registry, silent, small_spec):
    return made(registry, silent, small_spec, "regression", "kfold:2")


@pytest.fixture(scope="module")
def metals(registry, silent, small_spec):
    return made(registry, silent, small_spec, "binary", "kfold:2")


def test_the_terminal_says_what_the_survey_found(salts, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    print_survey(salts)
    out = capsys.readouterr().out
    assert out.startswith("salts & <co>: 20 rows\n")
    joined = re.sub(r"\s+", " ", out)
    assert "gap [eV] (regression)" in joined
    assert "formula duplicates 20 crystals in 10 groups; 10 pairs" in joined
    assert "<c3> 99.50" in joined  # the outlier
    assert "model [data]" in joined
    assert all(len(line) <= 100 for line in out.splitlines())
    across = salts.duplicates[0].across
    assert across
    assert f"{2 * across} ({2 * across / 20:.0%}) have a formula duplicate" in joined


def test_scaled_duplicates_are_structure_duplicates_with_graphs_of_their_own(salts):
    formula, structure = salts.duplicates
    assert formula.pairs == structure.pairs == 10
    assert salts.floor.groups == ()
    text = " ".join(table.note for table in survey_tables(salts))
    assert "0 of 20 crystals have a graph that CGCNN cannot tell" in text


def test_json_is_all_of_it(salts):
    found = json.loads(survey_as_json(salts))
    assert found["name"] == "salts & <co>"
    assert len(found["duplicates"][0]["groups"]) == 10
    assert found["target"]["outliers"]["found"][0]["id"] == "<c3>"
    parts = found["leakage"]["parts"]
    assert [part["duplicate"] for part in parts] == ["formula"] * 2 + ["structure"] * 2
    assert parts[1]["copying"] is None


def test_the_page_needs_nothing_and_names_cannot_break_it(salts, tmp_path):
    write_page(salts, tmp_path / "new" / "page.html")
    html = (tmp_path / "new" / "page.html").read_text(encoding="utf-8")
    body = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert 'src="http' not in html
    assert "default-src 'none'" in html
    assert html.count("Plotly.newPlot") >= len(figures(salts))
    assert "<h1>salts &amp; &lt;co&gt;: 20 rows</h1>" in body
    assert "<c3>" not in body
    assert "&lt;c3&gt;" in body
    for table in survey_tables(salts):
        assert f"<h2>{table.title}</h2>" in body
    for name, _ in facts(salts):
        assert f">{name}</th>" in body


def test_the_plots_hold_every_crystal(salts):
    drawn = dict(figures(salts))
    assert set(drawn) == {"Target", "Elements", "Cells", "Crystal systems"}
    for title in ("Target", "Cells", "Crystal systems"):
        assert sum(drawn[title]["data"][0]["y"]) == 20
    elements = drawn["Elements"]["data"][0]
    assert dict(zip(elements["x"], elements["y"], strict=True))["Na"] == 20


def test_a_binary_target_has_a_prevalence_and_no_outliers(metals, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    print_survey(metals)
    out = capsys.readouterr().out
    assert "gap (binary), 50.0% positive" in out
    assert "Outliers" not in out
    (bars,) = dict(figures(metals))["Target: gap"]["data"]
    assert bars["y"] == [10, 10]
    assert as_html(metals).endswith("</html>\n")
