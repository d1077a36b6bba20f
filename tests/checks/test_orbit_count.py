"""Orbits counted in space are those of the design, and tell a wrong quotient."""

from __future__ import annotations

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

from ngn_core.checks.graphs import Graphs, totals, weights
from ngn_core.checks.orbit_count import Orbits, count_orbits, mistakes
from ngn_core.crystal.reading import from_pymatgen


def structure(name):
    build, hexagonal = Structure.from_spacegroup, Lattice.hexagonal(4.91, 5.40)
    silica = [[0.4697, 0, 2 / 3], [0.4135, 0.2669, 0.7858]]
    oxide = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0]]
    made = {
        "NaCl": ("Fm-3m", Lattice.cubic(5.64), ["Na", "Cl"], [[0] * 3, [0.5] * 3]),
        "Si": ("Fd-3m", Lattice.cubic(5.43), ["Si"], [[0, 0, 0]]),
        "SrTiO3": ("Pm-3m", Lattice.cubic(3.90), ["Sr", "Ti", "O"], oxide),
        "quartz": ("P3_221", hexagonal, ["Si", "O"], silica),
    }
    return from_pymatgen(build(*made[name]))


@pytest.mark.parametrize(
    ("name", "edges", "receivers", "chains"),
    [
        ("NaCl", 4, 24, 28),
        ("Si", 2, 13, 15),
        ("SrTiO3", 6, 31, 34),
        ("quartz", 18, 198, 216),
    ],
)
def test_orbits_are_those_of_the_design(name, edges, receivers, chains, mistaken):
    for rule, pairs in (("receiver", receivers), ("chain", chains)):
        spec = mistaken(
            edges={"use": "knn", "neighbors": 12, "tolerance": 1e-3},
            symprec=1e-4,
            nest=[{"use": rule}],
        )
        orbits = count_orbits(structure(name), spec.graph, {})
        assert orbits.closed
        assert len(orbits.sizes[1]) == edges
        assert len(orbits.sizes[2]) == pairs


def test_a_wrong_quotient_is_told_in_a_sentence(mistaken):
    spec = mistaken()
    graphs = Graphs(spec, {}, 0)
    crystal = {"quartz": structure("quartz")}
    graph = graphs.build(crystal).graphs["quartz"]
    whole = totals(graphs.build(crystal, symmetry="none").graphs["quartz"])
    orbits = count_orbits(crystal["quartz"], spec.graph, {})
    atoms, nodes = graph.facts["cell_atoms"], weights(graph)[0]
    edges = weights(graph)[1]

    def told(stored):
        return mistakes(orbits, [nodes, stored], whole, atoms)

    assert told(edges) is None
    twice = np.concatenate([edges[1:], edges[:1] / 2, edges[:1] / 2])
    count = len(edges)
    assert told(twice) == f"{count + 1} edges are stored for {count} orbits"
    assert "count as" in told(edges + 1)
    shifted = edges + np.eye(count)[0] - np.eye(count)[1]
    assert "are not the sizes" in told(shifted)
    open_set = Orbits(orbits.sizes, orbits.atoms, orbits.space_group, closed=False)
    assert "not closed" in mistakes(open_set, [nodes, edges], whole, atoms)
