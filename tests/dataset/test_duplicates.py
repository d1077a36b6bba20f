"""Structure duplicates: what the matcher says of all pairs; what must not matter."""

import itertools

import numpy as np
import pytest
from pymatgen.core.structure import Structure
from pymatgen.core.structure_matcher import StructureMatcher
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import ngn_core.dataset.duplicates as duplicates
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.reading import from_arrays
from ngn_core.dataset.duplicates import structure_duplicates
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.reduced_cell import mappable, reduced_cell

CUBIC = np.eye(3)
NACL = from_arrays(
    5.64 * CUBIC,
    ["Na"] * 4 + ["Cl"] * 4,
    [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    + [[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5], [0.5, 0.5, 0.5]],
)
NACL_PRIMITIVE = from_arrays(
    2.82 * np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]),
    ["Na", "Cl"],
    [[0, 0, 0], [0.5, 0.5, 0.5]],
)
CSCL_LIKE = from_arrays(3.4 * CUBIC, ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
KCL = from_arrays(
    3.1 * np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]),
    ["K", "Cl"],
    [[0, 0, 0], [0.5, 0.5, 0.5]],
)


def test_a_duplicate_in_another_cell_size_and_place_is_found():
    moved = Crystal(
        1.1 * NACL.lattice @ _rotation(), NACL.frac[::-1] + 0.3, NACL.species[::-1]
    )
    crystals = [NACL, CSCL_LIKE, NACL_PRIMITIVE, KCL, moved, CSCL_LIKE]
    assert structure_duplicates(crystals).tolist() == [0, 1, 0, 2, 0, 1]


def test_nobody_and_one_alone():
    assert structure_duplicates([]).shape == (0,)
    assert structure_duplicates([NACL]).tolist() == [0]


def test_groups_do_not_depend_on_the_order(registry, shared):
    crystals = _real("matbench_jdft2d", registry, shared, 200)
    order = np.random.default_rng(0).permutation(len(crystals))
    straight = structure_duplicates(crystals)
    shuffled = structure_duplicates([crystals[place] for place in order])
    assert _partition(straight[order]) == _partition(shuffled)


@pytest.mark.parametrize(
    ("name", "count"), [("matbench_jdft2d", 110), ("carbon_24", 28)]
)
def test_buckets_and_bounds_lose_no_pair(name, count, registry, shared):
    # the matcher itself, on the structures as they are, for every pair there is
    crystals = _real(name, registry, shared, count)
    structures = [_structure(crystal) for crystal in crystals]
    matcher = StructureMatcher()
    pairs = [
        (i, j)
        for i, j in itertools.permutations(range(len(structures)), 2)
        if matcher.fit(structures[i], structures[j])
    ]
    assert len(pairs) > 3
    size = len(crystals)
    rows, columns = np.array(pairs).T
    graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(size, size))
    _, wanted = connected_components(graph, directed=False)
    assert _partition(structure_duplicates(crystals)) == _partition(wanted)


def test_the_bound_on_lattices_rejects_and_never_a_match(registry, shared):
    crystals = _real("carbon_24", registry, shared, 60)
    matcher = StructureMatcher()
    reduced = [reduced_cell(crystal) for crystal in crystals]
    rejected = 0
    for a, b in itertools.permutations(reduced, 2):
        if a.sites == b.sites and not mappable(a, b):
            rejected += 1
            assert not matcher.fit(
                a.structure, b.structure, skip_structure_reduction=True
            )
    assert rejected > 10


def test_shared_sites_are_compared_with_their_shares():
    def alloy(share, edge=4.0):
        return from_arrays(edge * CUBIC, [{"Cu": share, "Au": 1 - share}], [[0, 0, 0]])

    found = structure_duplicates(
        [alloy(0.5), alloy(0.25), alloy(0.5, 4.1), alloy(0.25)]
    )
    assert found.tolist() == [0, 1, 0, 1]


def test_several_processes_find_the_same(registry, shared, monkeypatch):
    crystals = _real("matbench_jdft2d", registry, shared, 60)
    alone = structure_duplicates(crystals)
    monkeypatch.setattr(duplicates, "PARALLEL", 10)
    told = []
    both = structure_duplicates(crystals, lambda *step: told.append(step), jobs=2)
    assert both.tolist() == alone.tolist()
    assert told[-1][0] == told[-1][1] > 10
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_huge_cell_is_nobodys_duplicate(monkeypatch):
    monkeypatch.setattr(duplicates, "LARGEST", 7)
    assert structure_duplicates([NACL, NACL_PRIMITIVE, NACL]).tolist() == [0, 1, 2]


def _rotation():
    matrix, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))
    return matrix


def _real(name, registry, shared, count):
    """Return crystals of a dataset, those that share a formula first."""
    table = open_dataset(str(shared / "data" / name), registry)
    crystals = [row.crystal() for row in table.rows[: 3 * count]]
    buckets = duplicates._by_composition(crystals)
    buckets.sort(key=len, reverse=True)
    places = [place for bucket in buckets for place in bucket]
    return [crystals[place] for place in places[:count]]


def _structure(crystal):
    species = [{symbol_of(z): w for z, w in site} for site in crystal.species]
    return Structure(crystal.lattice, species, crystal.frac)


def _partition(numbers):
    groups = {}
    for place, number in enumerate(np.asarray(numbers).tolist()):
        groups.setdefault(number, set()).add(place)
    return {frozenset(group) for group in groups.values()}
