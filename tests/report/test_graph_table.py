"""The tables of one crystal's graph: nothing lost, nothing too wide."""

import json

import pytest

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.graph_rows import (
    NODES,
    SHELLS,
    facts,
    graph_tables,
    multiplicities,
)
from ngn_core.report.graph_table import as_json, print_inspection


@pytest.fixture(params=["perovskite", "crowded"])
def found(request):
    return request.getfixturevalue(request.param)[0]


def texts(table, row):
    return tuple(map(cell_text, row, table.columns))


def test_json_holds_the_numbers_that_are_printed(found):
    plain = json.loads(as_json(found))
    sizes, nodes, shells = graph_tables(found)
    none = [texts(sizes, row)[1] for row in sizes.groups[0]]
    assert none == [f"{count:,}" for count in plain["sizes"]["none"].values()]
    for site, row in zip(plain["sites"], nodes.groups[0], strict=False):
        counts = (site["multiplicity"], site["coordination"], len(site["shells"]))
        assert texts(nodes, row)[1:] == tuple(map(str, counts))
    for site, rows in zip(plain["sites"], shells.groups, strict=False):
        for shell, row in zip(site["shells"][:SHELLS], rows, strict=False):
            _, pair, distance, count, _ = texts(shells, row)
            assert pair == f"{site['element']}-{shell['element']}"
            assert distance == f"{shell['distance']:.4f}"
            assert count == str(shell["count"])
    assert plain["space_group"]["number"] == found.space_group.number
    assert plain["units"]["volume"] == "Å^3"


def test_rows_add_up_with_those_that_are_left_out(found):
    shells = graph_tables(found)[2]
    assert len(shells.groups) == min(len(found.sites), NODES)
    for site, rows in zip(found.sites, shells.groups, strict=False):
        assert sum(int(row[3]) for row in rows) == site.coordination
        assert len(rows) <= SHELLS + 1
    left = len(found.sites) - NODES
    assert (f"and {left} nodes more" in shells.note) == (left > 0)


def test_a_space_group_stands_beside_how_it_was_found(found):
    line = dict(facts(found))["space group"]
    assert str(found.space_group.number) in line
    assert all(text in line for text in ("symprec 0.001 Å", "angle tolerance"))
    assert found.space_group.finder in line


def test_tables_fit_the_page(found, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    print_inspection(found)
    out = capsys.readouterr().out
    assert all(len(line) <= 100 for line in out.splitlines())
    assert all(text in out for text in ("none", "asymmetric", "orbits (spec)"))


def test_multiplicities_are_a_sum_or_counts():
    assert multiplicities((12,)) == "12"
    assert multiplicities((4, 2, 2)) == "4 + 2 + 2"
    assert multiplicities((2, 1, 1, 1, 1)) == "1 of 2, 4 of 1"
