import itertools

import numpy as np
import pytest

from ngn_core.crystal.incidence import Incidence
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.graph.pairs import angles, pairs, torsions
from ngn_core.spec.graph import PairRule


@pytest.fixture(params=["NaCl", "Cu", "quartz"])
def edges(request, known):
    crystal = known[request.param]
    if request.param == "Cu":  # one atom: all edges are self-loops
        matrix = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]) / 2
        crystal = type(crystal)(
            matrix @ crystal.lattice, np.zeros((1, 3)), crystal.species[:1]
        )
    sender, receiver, shift, length = neighbors_within(crystal, 2.9)
    vector = crystal.vectors(sender, receiver, shift)
    return crystal, Incidence(sender, receiver, shift), vector, length


def straightforward(incidence, rule, length):
    """Pairs by their places: the ends of every edge are points (atom, cell)."""
    found = set()
    for a, b in itertools.product(range(len(length)), repeat=2):
        if rule.cutoff is not None and max(length[a], length[b]) > rule.cutoff:
            continue
        s, r = incidence.sender, incidence.receiver
        n = [tuple(shift) for shift in incidence.cell_shift.tolist()]
        home = (0, 0, 0)
        b_ends = {"from": (s[b], n[b]), "to": (r[b], home)}
        # where edge a must lie so that it meets edge b
        if rule.use == "receiver":
            a_cell = home
            meets = r[a] == r[b]
        elif rule.use == "chain":
            a_cell = n[b]
            meets = r[a] == s[b]
        else:
            a_cell = tuple(np.subtract(n[b], n[a]).tolist())
            meets = s[a] == s[b]
        a_from = (s[a], tuple(np.add(a_cell, n[a]).tolist()))
        a_to = (r[a], a_cell)
        same_edge = (a_from, a_to) == (b_ends["from"], b_ends["to"]) and a == b
        back = a_from == b_ends["to"] and a_to == b_ends["from"]
        if rule.itself == "drop" and a == b:
            continue
        if meets and not same_edge and not (back and rule.way_back == "drop"):
            found.add((a, b, a_cell))
    return found


RULES = [
    {"use": "receiver"},
    {"use": "sender"},
    {"use": "chain"},
    {"use": "chain", "way_back": "drop"},
    {"use": "chain", "itself": "drop"},
    {"use": "receiver", "cutoff": 2.6},
    {"use": "chain", "cutoff": 2.6, "way_back": "drop"},
]


@pytest.mark.parametrize("rule", [PairRule(**rule) for rule in RULES], ids=str)
def test_the_pairs_are_those_that_meet_in_space(edges, rule):
    crystal, incidence, vector, length = edges
    found = pairs(incidence, rule, length)
    rows = zip(found.sender, found.receiver, map(tuple, found.cell_shift), strict=True)
    rows = [(a, b, tuple(int(x) for x in n)) for a, b, n in rows]
    assert len(rows) == len(set(rows))
    assert set(rows) == straightforward(incidence, rule, length)
    assert rows == sorted(rows, key=lambda row: (row[1], row[0]))

    # angles from the three points in space, by the law of cosines
    ends = crystal.frac @ crystal.lattice
    for (a, b, n), angle in zip(rows, angles(found, rule, vector), strict=True):
        a_to = ends[incidence.receiver[a]] + n @ crystal.lattice
        a_from = a_to + vector[a]
        b_to = ends[incidence.receiver[b]]
        b_from = b_to + vector[b]
        corner, one, two = {
            "receiver": (b_to, a_from, b_from),
            "sender": (b_from, a_to, b_to),
            "chain": (b_from, a_from, b_to),
        }[rule.use]
        shared = a_from if rule.use == "sender" else a_to
        np.testing.assert_allclose(corner, shared, atol=1e-9)
        p, q = np.linalg.norm(one - corner), np.linalg.norm(two - corner)
        cosine = (p**2 + q**2 - np.linalg.norm(one - two) ** 2) / (2 * p * q)
        assert np.cos(angle) == pytest.approx(cosine, abs=1e-9)
        assert 0 <= angle <= np.pi


def test_the_way_back_has_angle_zero_and_straight_on_has_pi(known):
    crystal = type(known["Cu"])(
        np.eye(3) * 3, np.zeros((1, 3)), known["Cu"].species[:1]
    )
    sender, receiver, shift, length = neighbors_within(crystal, 3.0)
    incidence = Incidence(sender, receiver, shift)
    vector = crystal.vectors(sender, receiver, shift)
    rule = PairRule(use="chain")
    found = pairs(incidence, rule, length)
    angle = angles(found, rule, vector)
    assert len(angle) == 36
    same = found.sender == found.receiver
    assert (angle[same] == np.pi).all()
    back = ~(shift[found.sender] + shift[found.receiver]).any(axis=1)
    assert back.sum() == 6
    assert (angle[back] == 0).all()


@pytest.mark.parametrize("use", ["receiver", "sender", "chain"])
def test_a_torsion_is_the_dihedral_between_two_angles(edges, use):
    _, incidence, vector, length = edges
    rule = PairRule(use=use)
    found = pairs(incidence, rule, length)
    angle = angles(found, rule, vector)
    twice = pairs(found, PairRule(use="receiver"), None)
    torsion = torsions(twice, found, vector)
    chosen = np.arange(0, len(torsion), 97)
    for row in chosen:
        one, two = twice.sender[row], twice.receiver[row]
        assert one != two
        assert found.receiver[one] == found.receiver[two]
        axis = vector[found.receiver[two]]
        flat = []
        for side in (one, two):
            arm = vector[found.sender[side]]
            flat.append(arm - axis * (arm @ axis) / (axis @ axis))
        sizes = np.linalg.norm(flat, axis=1)
        wanted = np.sin(angle[one]) * np.sin(angle[two])
        if sizes.min() > 1e-6:
            wanted *= flat[0] @ flat[1] / sizes.prod()
        assert torsion[row] == pytest.approx(wanted, abs=1e-9)


def test_a_cutoff_needs_lengths():
    nothing = Incidence(*(np.zeros((0, *n), dtype=int) for n in ((), (), (3,))))
    with pytest.raises(ValueError, match="pairs of edges"):
        pairs(nothing, PairRule(use="receiver", cutoff=2.0), None)
    assert len(pairs(nothing, PairRule(use="chain"), None).sender) == 0
