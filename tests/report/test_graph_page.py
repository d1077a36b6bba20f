"""The page with the picture: it needs nothing else, and holds everything."""

import math
import re

import numpy as np
import pytest

from ngn_core.report.element_colors import element_color
from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.graph_figure import figure
from ngn_core.report.graph_page import as_html, write_page
from ngn_core.report.graph_rows import graph_tables
from ngn_core.report.sphere import sphere


@pytest.fixture(scope="module")
def html(perovskite):
    return as_html(*perovskite)


def test_nothing_is_loaded_from_anywhere(html):
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//[^>]*>""", _body(html))
    assert 'src="http' not in html
    assert "default-src 'none'" in html
    assert "Plotly.newPlot" in html
    assert len(html) > 3_000_000  # plotly itself


def test_names_cannot_break_the_page(html):
    assert "&lt;STO&gt; &amp; co" in html
    assert "<STO>" not in html


def test_the_page_has_every_table(html, perovskite):
    for table in graph_tables(perovskite[0]):
        assert f"<h2>{table.title}</h2>" in html
        for row in table.rows:
            texts = map(cell_text, row, table.columns)
            assert all(f">{text}</td>" in html for text in texts)
    assert "<h1>SrTiO3, space group 221 (Pm-3m)</h1>" in html


@pytest.mark.parametrize("name", ["perovskite", "crowded"])
def test_the_picture_holds_every_atom_and_every_edge(name, request):
    found, picture = request.getfixturevalue(name)
    traces = figure(picture)["data"]
    balls = [trace for trace in traces if trace["type"] == "mesh3d"]
    centers = [center for trace in balls for center in _centers(trace, picture)]
    wanted = np.array([atom.position for atom in picture.atoms])
    apart = np.linalg.norm(wanted[:, None] - np.array(centers)[None], axis=-1)
    assert len(centers) == len(wanted)
    assert (np.sort(apart.argmin(axis=1)) == np.arange(len(wanted))).all()
    assert apart.min(axis=1).max() < 0.02
    lines = [trace for trace in traces if trace.get("legend") == "legend2"]
    ends = sum(t["x"].count(None) for t in lines if t["type"] == "scatter3d")
    assert ends == found.sizes["none"]["edge"]
    for trace in lines:
        assert len(trace["text"]) == len(trace["x"])
        assert "multiplicity" in trace["text"][0]


def test_edges_have_a_color_an_orbit(perovskite):
    found, picture = perovskite
    traces = figure(picture)["data"]
    colors = [t["line"]["color"] for t in traces if t.get("legend") == "legend2"]
    assert len(set(colors)) == len(colors) == found.sizes["orbits"]["edge"]


def test_where_there_are_many_edges_the_near_ones_are_seen(crowded):
    _, picture = crowded
    traces = figure(picture)["data"]
    hidden = [t for t in traces if t.get("visible") == "legendonly"]
    assert {trace["legendgroup"] for trace in hidden} == {"far"}
    shown = [t for t in traces if t["type"] == "mesh3d" and t not in hidden]
    cell = [atom for atom in picture.atoms if not atom.image]
    assert sum(len(_centers(trace, picture)) for trace in shown) >= len(cell)


def test_the_page_is_written_whole(tmp_path, perovskite):
    file = tmp_path / "new" / "page.html"
    write_page(*perovskite, file)
    assert file.read_text(encoding="utf-8").endswith("</html>\n")
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("rings", [2, 4, 9])
def test_a_ball_is_closed_and_its_points_lie_on_it(rings):
    points, triangles = sphere(rings)
    assert all(math.isclose(math.hypot(*point), 1) for point in points)
    sides = [(t[i], t[i - 1]) for t in triangles for i in range(3)]
    assert len(set(sides)) == len(sides)
    assert {(b, a) for a, b in sides} == set(sides)
    # Euler: corners - sides + faces
    assert len(points) - len(sides) // 2 + len(triangles) == 2


def test_every_element_has_a_color():
    assert element_color("O") == "#ff0d0d"
    assert element_color("Og") == "#ff69b4"


def _body(html):
    """Return the page without plotly's own program."""
    return re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)


def _centers(trace, picture):
    """Return the middles of the balls of a trace."""
    atoms = len({*zip(trace["x"], trace["y"], trace["z"], strict=True)})
    rings = 9 if len(picture.atoms) <= 200 else 4
    size = len(sphere(rings).points)
    assert atoms % size == 0
    middles = []
    for start in range(0, len(trace["x"]), size):
        ball = [trace[axis][start : start + size] for axis in "xyz"]
        middles.append(tuple((max(line) + min(line)) / 2 for line in ball))
    return middles
