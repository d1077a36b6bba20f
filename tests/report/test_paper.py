"""A comparison for a paper: figures, tables, methods, references, an archive."""

import csv
import re
from dataclasses import replace

import pytest

from ngn_core.experiment.stored import read_results
from ngn_core.report.bibliography import as_bibtex, citation_keys
from ngn_core.report.comparison_json import summary_as_json
from ngn_core.report.formats.latex import as_latex
from ngn_core.report.methods import methods_as_latex
from ngn_core.report.paper import resolved_specs, write_paper
from ngn_core.report.plots import colors_of, plots_of
from ngn_core.spec.library import shipped_references
from ngn_core.spec.load import load_specs
from ngn_core.summary.summary import summarize
from ngn_core.summary.tables import ReportOptions, tables_of

pytest.importorskip("matplotlib")
from ngn_core.report.paper_plot import write_figure  # noqa: E402


@pytest.fixture(scope="module")
def paper(comparison, tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    write_paper(comparison, folder)
    return folder


def test_equal_results_give_equal_files(paper, comparison, tmp_path):
    plots = plots_of(comparison.parts[0], colors_of(comparison))
    (parity,) = (plot for plot in plots if plot.name == "parity")
    for file in write_figure(parity, tmp_path):
        assert file.read_bytes() == (paper / "figures" / file.name).read_bytes()


def test_each_figure_is_there_at_both_widths_with_its_numbers(paper):
    figures = paper / "figures"
    names = {file.stem for file in figures.glob("*.csv")}
    assert {"parity", "training_loss", "error_by_element"} <= names
    for name in names:
        for column, width in (("one", 3.35), ("two", 6.9)):
            pdf = (figures / f"{name}_{column}_column.pdf").read_bytes()
            box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", pdf)
            assert float(box[1]) == pytest.approx(72 * width, abs=0.1)
            svg = figures / f"{name}_{column}_column.svg"
            assert svg.read_text(encoding="utf-8").rstrip().endswith("</svg>")


def test_the_csv_holds_what_is_drawn(paper, comparison):
    with (paper / "figures" / "parity.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 60 * len(comparison.parts[0].comparison.lines)
    first = next(row for row in rows if (row["series"], row["id"]) == ("far", "c<3>"))
    assert float(first["gap [eV]"]) == 3.0
    assert (first["formula"], first["space group"]) == ("C", "227")


def test_a_report_is_built_again_from_the_archive(paper, comparison, registry):
    again = tables_of(
        read_results([paper / "archive.tar.xz"]), registry, ReportOptions()
    )
    assert summary_as_json(summarize(again)) == summary_as_json(comparison)


def test_methods_cite_what_refs_hold(paper):
    methods = (paper / "methods.tex").read_text(encoding="utf-8")
    bib = (paper / "refs.bib").read_text(encoding="utf-8")
    cited = set(re.findall(r"\\cite\{([^}]+)\}", methods))
    assert cited == set(re.findall(r"@\w+\{([^,]+),", bib))
    assert len(cited) == 4
    assert "edges by knn (neighbors 24)" in methods
    assert (
        "trained for 4 epochs in batches of 32 crystals by adam (lr 0.001)" in methods
    )
    assert r"On far \& its 100 \% edges" in bib
    assert "pages = {1--9}" in bib


def test_methods_say_how_batches_weights_and_products_differ(comparison, registry):
    changes = ["train.batch_by=edges", "train.precision=bf16"]
    (spec,) = load_specs(["ngn"], registry, changes)
    methods = methods_as_latex(
        [comparison.parts[0].comparison], {spec.name: spec.resolved()}
    )
    assert "in batches of about as many edges each, 64 crystals on average," in methods
    assert "a running mean of the weights, decay 0.998 a step" in methods
    assert "matrix products in bf16" in methods


@pytest.mark.parametrize(
    ("rounded", "told"),
    [
        ((True, True), "matrix products in bf16."),
        ((False, False), "matrix products in float32 (bf16 was asked for"),
        ((True, False), "matrix products in bf16 in 1 of 2 trials, in float32 in"),
    ],
)
def test_methods_say_in_what_products_were(comparison, registry, rounded, told):
    (spec,) = load_specs(["ngn"], registry, ["train.precision=bf16"])
    whole = comparison.parts[0].comparison
    line = replace(whole.lines[0], spec=spec.name)
    trained = zip(line.results, rounded, strict=False)
    results = [replace(one, training={"rounded": found}) for one, found in trained]
    lines = (replace(line, results=tuple(results)),)
    table = replace(whole, lines=lines)
    assert told in methods_as_latex([table], {spec.name: spec.resolved()})


def test_the_table_has_booktabs_rules(paper):
    text = (paper / "tables.tex").read_text(encoding="utf-8")
    for rule in (r"\toprule", r"\midrule", r"\bottomrule"):
        assert text.count(rule) >= 3
    assert r"good \textless{}1\textgreater{}" in text
    assert not re.search(r"(?<!\\)[%&#_](?=[^\n]*\\\\)", text.replace(" & ", " "))


def test_a_paper_with_a_doi_alone_has_an_entry():
    cited = {"a": {"doi": "10.1/a b"}, "b": {"doi": "10.1/a b"}, "c": {"note": "ours"}}
    assert citation_keys(cited) == {"a": "10.1_a_b", "b": "10.1_a_b"}
    assert as_bibtex(cited).count("@misc") == 1


def test_two_papers_never_share_a_key():
    paper = {"authors": ["A. Bee"], "title": "On graphs", "year": 2020}
    cited = {name: {**paper, "doi": f"10.1/{name}"} for name in "yx"}
    assert citation_keys(cited) == {"y": "bee2020graphsb", "x": "bee2020graphsa"}
    assert as_bibtex(cited).count("@") == 2


def test_what_latex_reads_is_written_out():
    assert as_latex("a_b & 5 % ± 1 <x> -3") == (
        r"a\_b \& 5 \% $\pm$ 1 \textless{}x\textgreater{} $-$3"
    )


def test_shipped_specs_say_who_wrote_the_paper():
    for doi, said in shipped_references().items():
        missing = {"authors", "title", "journal", "year"} - said.keys()
        assert not missing, (doi, missing)


def test_a_paper_that_shipped_specs_know_is_completed_from_its_doi(
    made_results, registry
):
    doi = "reference: {doi: 10.1039/D4DD00018H}\ngraph:"
    (first, *_) = made_results
    written = re.sub(r"reference:.*?graph:", doi, first.written, flags=re.DOTALL)
    tables = tables_of([replace(first, written=written)], registry, ReportOptions())
    (said,) = resolved_specs(summarize(tables)).values()
    assert said["reference"]["authors"][0] == "Robin Ruff"
    assert citation_keys({"s": said["reference"]}) == {"s": "ruff2024connectivity"}
