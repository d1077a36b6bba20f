import numpy as np
import pytest

from ngn_core.crystal.cell import supercell_of
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.reading import from_arrays
from ngn_core.crystal.vacuum import close_vacuum
from ngn_core.graph.build import GraphBuilder
from ngn_core.spec.graph import GraphOptions
from ngn_plugins.graphs import KNN

TILES = {
    "itself": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "two slabs": [[1, 0, 0], [0, 1, 0], [0, 0, 2]],
    "no axis in the slab": [[1, 0, 1], [0, 1, -1], [0, 0, 1]],
    "skewed and large": [[2, 1, 1], [0, 1, 0], [-1, 0, 1]],
    "left-handed": [[0, 1, 0], [1, 0, 0], [0, 0, 1]],
}


def slab(gap, offset=0.0):
    """Two layers 2 Å apart, a gap to the next slab, which may be moved sideways."""
    lattice = np.array([[4.0, 0, 0], [-1.0, 3.0, 0], [offset, 0, 2.0 + gap]])
    points = np.array([[0.1, 0.2, 1.0], [1.2, 1.1, 3.0]])
    frac = points @ np.linalg.inv(lattice)
    return from_arrays(lattice, ["Ti", "S"], frac)


def environment(crystal, radius):
    """What every atom sees: kinds and vectors, in an order of their own."""
    sender, receiver, shift, _ = neighbors_within(crystal, radius)
    vector = crystal.vectors(sender, receiver, shift)
    numbers = crystal.numbers
    rows = np.column_stack([numbers[receiver], numbers[sender], vector]).round(6) + 0.0
    unique, count = np.unique(rows, axis=0, return_counts=True)
    return unique, count / len(crystal.frac)


def same(one, two):
    for a, b in zip(environment(one, 9.0), environment(two, 9.0), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
    assert one.volume / len(one.frac) == pytest.approx(two.volume / len(two.frac))


@pytest.mark.parametrize("offset", [0.0, 1.3])
@pytest.mark.parametrize("matrix", TILES.values(), ids=TILES)
def test_the_gap_of_a_slab_is_set_whatever_its_cell(matrix, offset):
    given = slab(20.0, offset)
    given = supercell_of(given, np.array(matrix) @ given.lattice).fill(given)
    closed, removed = close_vacuum(given, 7.0)
    copies = 2 if len(given.frac) == 4 and matrix[2] == [0, 0, 2] else 1
    assert removed == pytest.approx(13.0 * copies)
    same(closed, slab(7.0, offset))


def test_atoms_anywhere_outside_of_their_cell_are_moved_alike():
    given = slab(20.0)
    moved = Crystal(
        given.lattice,
        given.frac + [[0.3, -2, 0.17], [0.3 + 1, 0, 0.17 - 3]],
        given.species,
    )
    same(close_vacuum(moved, 7.0)[0], slab(7.0))


def test_a_molecule_in_a_box_gets_a_smaller_box():
    points = np.array([[0.0, 0, 0], [0.76, 0.59, 0], [-0.76, 0.59, 0]]) + 4.0
    water = from_arrays(np.eye(3) * 18, ["O", "H", "H"], points / 18)
    closed, removed = close_vacuum(water, 6.0)
    edges = np.linalg.norm(closed.lattice, axis=1)
    np.testing.assert_allclose(edges, [7.52, 6.59, 6.0], atol=1e-9)
    assert removed == pytest.approx(3 * 18 - edges.sum())
    for one, two in ((0, 1), (1, 2)):
        before = points[one] - points[two]
        after = (closed.frac[one] - closed.frac[two]) @ closed.lattice
        np.testing.assert_allclose(before, after, atol=1e-12)


def test_a_crystal_without_such_a_gap_is_left_alone(known):
    for crystal in (*known.values(), slab(7.0)):
        same_crystal, removed = close_vacuum(crystal, 7.0)
        assert removed == 0
        assert same_crystal is crystal


def test_more_vacuum_changes_nothing_where_it_is_set():
    columns = {"edge": frozenset({"length"})}
    build = GraphBuilder(
        GraphOptions(vacuum=8), KNN(KNN.Options(neighbors=12)), columns
    )
    graphs = [build(slab(gap)) for gap in (10.0, 15.0, 8.0)]
    for graph, removed in zip(graphs, (2.0, 7.0, 0.0), strict=True):
        assert graph.facts["vacuum_removed"] == pytest.approx(removed)
        np.testing.assert_allclose(
            np.sort(graph.levels[1].columns["length"]),
            np.sort(graphs[2].levels[1].columns["length"]),
        )
    given = GraphBuilder(GraphOptions(), build.constructor, columns)(slab(10.0))
    assert "vacuum_removed" not in given.facts
