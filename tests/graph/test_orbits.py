import numpy as np
import pytest

from ngn_core.crystal.cell import choose_cell
from ngn_core.crystal.incidence import Incidence
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.space_group import generators, trivial_group
from ngn_core.crystal.symmetry import find_space_group
from ngn_core.graph.action import act_on, act_on_atoms
from ngn_core.graph.closure import close_edges
from ngn_core.graph.graph_constructor import Edges
from ngn_core.graph.orbits import orbit_means, orbits, orbits_of_group
from ngn_core.graph.pairs import pairs
from ngn_core.spec.graph import PairRule

NAMES = ["NaCl", "Si", "SrTiO3", "rutile", "quartz", "ZnO"]


@pytest.fixture(params=NAMES)
def primitive(request, known):
    crystal = choose_cell(known[request.param], "primitive", 1e-3)
    return crystal, find_space_group(crystal, 1e-3)


def drawn(crystal, radius):
    sender, receiver, shift, _ = neighbors_within(crystal, radius)
    return Edges(sender, receiver, shift)


def place(crystal, point):
    """Which atom lies at a fractional position, and in which cell."""
    apart = point - crystal.frac
    cell = np.rint(apart)
    atom = int(np.argmin(np.abs(apart - cell).max(axis=1)))
    assert np.abs(apart - cell)[atom].max() < 1e-6
    return atom, cell[atom].astype(int)


def image(crystal, rotation, translation, edge):
    """The image of an edge, from where its ends go in space."""
    s, r, n = edge
    sender, s_cell = place(crystal, rotation @ (crystal.frac[s] + n) + translation)
    receiver, r_cell = place(crystal, rotation @ crystal.frac[r] + translation)
    return sender, receiver, tuple((s_cell - r_cell).tolist())


def as_rows(edges):
    shifts = map(tuple, edges.cell_shift.tolist())
    return list(
        zip(edges.sender.tolist(), edges.receiver.tolist(), shifts, strict=True)
    )


def partition(labels):
    return {
        frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels)
    }


def test_edge_orbits_are_the_images_under_every_operation(primitive):
    crystal, group = primitive
    edges, action = close_edges(
        drawn(crystal, 2.9), act_on_atoms(crystal, group), generators(group)
    )
    rows = as_rows(edges)
    number = {row: place for place, row in enumerate(rows)}
    wanted = {
        frozenset(
            number[image(crystal, rotation, translation, row)]
            for rotation, translation in zip(
                group.rotations, group.translations, strict=True
            )
        )
        for row in rows
    }
    assert partition(orbits(action)) == wanted


@pytest.mark.parametrize("use", ["receiver", "sender", "chain"])
def test_orbits_of_generators_are_orbits_of_the_group_at_every_level(primitive, use):
    crystal, group = primitive
    whole = act_on_atoms(crystal, group)
    few = whole.of(generators(group))
    edges, _ = close_edges(drawn(crystal, 2.9), whole, generators(group))
    items = Incidence(edges.sender, edges.receiver, edges.cell_shift)
    for rule in (use, "receiver", "receiver"):
        few, whole = act_on(items, few), act_on(items, whole)
        assert few is not None
        assert whole is not None
        assert partition(orbits(few)) == partition(orbits(whole))
        members = np.array([len(set(column)) for column in whole.image.T])
        assert (np.bincount(orbits(few))[orbits(few)] == members).all()
        items = pairs(items, PairRule(use=rule), None)
        if len(items.sender) > 20000:
            break


def test_closing_gives_the_union_of_all_images(primitive):
    crystal, group = primitive
    full = drawn(crystal, 2.9)
    rng = np.random.default_rng(0)
    some = rng.permutation(len(full.sender))[: max(3, len(full.sender) // 8)]
    value = rng.normal(size=len(some))
    part = Edges(
        full.sender[some], full.receiver[some], full.cell_shift[some], {"area": value}
    )
    closed, action = close_edges(part, act_on_atoms(crystal, group), generators(group))
    wanted = {}
    for row, area in zip(as_rows(part), value, strict=True):
        for rotation, translation in zip(
            group.rotations, group.translations, strict=True
        ):
            wanted.setdefault(image(crystal, rotation, translation, row), set()).add(
                area
            )
    assert set(as_rows(closed)) == set(wanted)
    # a column is the mean over those of the orbit that were given
    for row, area in zip(as_rows(closed), closed.columns["area"], strict=True):
        assert area == pytest.approx(np.mean(sorted(wanted[row])))
    assert len(set(orbits(action))) == len({frozenset(v) for v in wanted.values()})
    assert closed.receiver.tolist() == sorted(closed.receiver.tolist())


def test_without_operations_each_thing_is_its_own_orbit(known):
    crystal = known["quartz"]
    action = act_on_atoms(crystal, trivial_group()).of(np.zeros(0, dtype=int))
    assert orbits(action).tolist() == list(range(9))
    edges, _ = close_edges(drawn(crystal, 2.0), action, np.zeros(0, dtype=int))
    assert set(as_rows(edges)) == set(as_rows(drawn(crystal, 2.0)))


def test_means_over_orbits_are_equal_to_the_last_bit():
    labels = np.array([0, 1, 0, 1, 0])
    values = np.array(
        [[1.0, 2.0], [np.nan, 4.0], [2.0, 2.0], [5.0, 5.0], [np.nan, 2.0]]
    )
    means = orbit_means(values, labels)
    np.testing.assert_array_equal(means[:, 0], [1.5, 5, 1.5, 5, 1.5])
    np.testing.assert_array_equal(means[:, 1], [2, 4.5, 2, 4.5, 2])
    lengths = 2.1 + 1e-15 * np.arange(5)
    assert len(set(orbit_means(lengths, labels))) <= 2


def test_atoms_have_the_same_orbits_under_the_generators_as_under_the_group(primitive):
    crystal, group = primitive
    action = act_on_atoms(crystal, group)
    few = orbits(action.of(generators(group)))
    assert orbits_of_group(action).tolist() == few.tolist()
