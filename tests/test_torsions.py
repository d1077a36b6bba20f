"""Torsions under rotations, mirrors and quotients, with straight angles too."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

import ngn_core.api as ngn
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.load import load_specs

ROTATION = Rotation.from_rotvec([0.4, 1.3, -0.8]).as_matrix()
OXIDE = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
SPIRAL = [[0.47, 0, 2 / 3], [0, 0.47, 1 / 3], [0.53, 0.53, 0]]  # along a screw axis


@pytest.fixture(scope="module")
def crystals():
    """A perovskite and copper, full of straight angles; a chain that has a hand."""
    metal = 1.8 * (np.ones((3, 3)) - np.eye(3))
    hexagonal = [[4.4, 0, 0], [-2.2, 2.2 * math.sqrt(3), 0], [0, 0, 5.0]]
    return [
        (3.9 * np.eye(3), ["Sr", "Ti", "O", "O", "O"], OXIDE),
        (metal, ["Cu"], [[0, 0, 0]]),
        (np.array(hexagonal), ["Te"] * 3, SPIRAL),
    ]


@pytest.fixture(scope="module")
def run(registry, crystals):
    """A function: the outputs of three levels on the crystals, and their graphs."""

    def outputs(turn, symmetry):
        (spec,) = load_specs(["torsions"], registry, [f"graph.symmetry={symmetry}"])
        torch.manual_seed(0)
        network = build_network(spec).double().eval()
        columns = stored_columns(architecture_of(spec).columns)
        builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
        graphs = [
            builder(ngn.from_arrays(lattice @ turn, symbols, frac))
            for lattice, symbols, frac in crystals
        ]
        with torch.no_grad():
            return network(pack(graphs).batch(torch.arange(len(graphs)))), graphs

    return outputs


def test_straight_angles_have_no_torsion_and_others_have(run):
    _, graphs = run(np.eye(3), "none")
    for graph in graphs[:2]:
        angle = graph.levels[2].columns["angle"]
        straight = angle > math.pi - 1e-7
        assert straight.any()
        torsion, ends = graph.levels[3].columns["torsion"], graph.levels[3].index
        assert np.isfinite(torsion).all()
        assert np.abs(torsion[straight[ends].any(axis=0)]).max() < 1e-12
        assert np.abs(torsion).max() > 0.5


@pytest.mark.parametrize("symmetry", ["none", "asymmetric", "orbits"])
@pytest.mark.parametrize("turn", [ROTATION, -np.eye(3), -ROTATION])
def test_turned_mirrored_and_merged_crystals_give_one_output(run, turn, symmetry):
    wanted, _ = run(np.eye(3), "none")
    assert len(wanted.unique()) == 3
    found, _ = run(turn, symmetry)
    torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-10)


def test_torsions_are_merged_as_atoms_edges_and_angles_are(run):
    _, whole = run(np.eye(3), "none")
    _, merged = run(np.eye(3), "orbits")
    for graph, small in zip(whole, merged, strict=True):
        assert len(small.levels[3]) < len(graph.levels[3]) / 2
        below = np.ones(0)
        for level, every in zip(small.levels, graph.levels, strict=True):
            weight = level.multiplicity.astype(float)
            if level.index is not None:
                weight = weight * below[level.index[1]]
            assert weight.sum() == len(every)
            below = weight
