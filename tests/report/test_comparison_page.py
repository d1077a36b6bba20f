"""The comparison as a page: it needs nothing else, and says what is known."""

import re
from html import unescape

import pytest

from ngn_core.report.comparison_page import summary_as_html, write_page
from ngn_core.report.files import summary_as_latex, summary_as_markdown
from ngn_core.report.formats.cell_text import cell_text


@pytest.fixture(scope="module")
def html(comparison):
    return summary_as_html(comparison)


def _body(html):
    """Return the page without programs."""
    return re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)


def test_nothing_is_loaded_from_anywhere(html):
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//[^>]*>""", _body(html))
    assert "default-src 'none'" in html


def test_plotly_is_there_once(html, comparisons):
    mark = "plotly.js v"
    assert html.count(mark) == 1
    assert summary_as_html(comparisons).count(mark) == 1


def test_ranks_over_several_tables_are_in_every_file(html, comparison, comparisons):
    title = "Ranks over 2 tasks"
    assert f"<h2>{title}</h2>" in summary_as_html(comparisons)
    assert f"### {title}" in summary_as_markdown(comparisons)
    assert rf"\caption{{{title}" in summary_as_latex(comparisons)
    assert title not in html + summary_as_markdown(comparison)


def test_equal_results_give_equal_pages(html, comparison, tmp_path):
    write_page(comparison, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == html


def test_names_cannot_break_the_page(html):
    assert "good &lt;1&gt;" in html
    assert "good <1>" not in _body(html)
    assert "c&lt;0&gt;" in html


def test_every_table_and_sentence_is_there(html, comparison):
    body = unescape(_body(html)).replace("\N{NO-BREAK SPACE}", " ")
    (found,) = comparison.parts
    assert len(found.at("page")) > 5
    for table in found.at("page"):
        assert f"<h2>{table.title}</h2>" in body
        for row in table.seen().rows:
            texts = map(cell_text, row, table.seen().columns)
            assert all(f">{text}</td>" in body for text in texts)
    sentences = found.conclusions
    assert sentences
    for sentence in sentences:
        assert f"<li>{sentence}</li>" in body


@pytest.mark.parametrize(
    "title",
    [
        "Predictions against targets",
        "Coverage of intervals against nominal",
        "Error rejection",
        "Learning curves: training loss",
        "Error by element",
        "Error by crystal system",
        "Error by number of atoms",
        "MAE against parameters",
        "Worst crystals",
        "Specs",
        "Environment",
    ],
)
def test_what_is_known_is_shown(html, title):
    assert f"<h2>{title}</h2>" in html


def test_specs_and_what_differs(html):
    assert "far, resolved</summary>" in html
    assert "<del>-  edges: {use: knn, neighbors: 12}</del>" in html
    assert "<ins>+  edges: {use: knn, neighbors: 6}</ins>" in html


def test_two_targets_have_a_section_each(comparisons):
    page = summary_as_html(comparisons)
    assert page.count("<section") == 2
    assert "<h1>Comparison on 2 targets</h1>" in page
    names = re.findall(r'<div id="([^"]+)" class="plotly-graph-div"', page)
    assert len(names) == len(set(names)) > 6
