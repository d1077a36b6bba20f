import pytest
import torch

import ngn_core.api as ngn
from ngn_core.network.graph import nest_levels
from ngn_core.network.level_batch import LevelBatch
from ngn_plugins.readouts.atomwise import Atomwise
from ngn_plugins.readouts.weighted import Weighted


@pytest.fixture
def graph():
    """One crystal of 5 atoms, three of them equivalent, given twice."""
    weight = torch.tensor([1.0, 3.0, 1.0])
    zeros, one = torch.zeros(3, dtype=torch.long), torch.ones(1)
    nodes = LevelBatch({}, None, weight, weight, zeros, 1)
    index = torch.zeros(2, 3, dtype=torch.long)
    edges = LevelBatch({}, index, weight, weight, zeros, 1)
    crystals = LevelBatch({"atoms": 10 * one}, None, one, one, zeros[:1], 1)
    return nest_levels([nodes, edges], [None, None], crystals)


@pytest.mark.parametrize("pool", ["mean", "sum"])
@torch.no_grad()
def test_atoms_count_as_their_weights_say(graph, pool):
    node = torch.randn(3, 4)
    options = Weighted.Options(layers=(6,), weight_layers=(), pool=pool)
    readout = Weighted(options, [ngn.Dims(4, None)])
    found = readout([(node, None, None)], graph)
    top, bottom = torch.zeros(6), torch.zeros(())
    for atom in (0, 1, 1, 1, 2):
        value = torch.nn.functional.silu(readout.value.first(node[atom]))
        weight = readout.weight.first(node[atom]).sigmoid()
        top, bottom = top + weight * value, bottom + weight
    wanted = top / bottom if pool == "mean" else 2 * top
    torch.testing.assert_close(found[0], wanted)
    assert readout.extensive == (pool == "sum")


@torch.no_grad()
def test_a_gate_multiplies_each_atom_s_number(graph):
    node = torch.randn(3, 4)
    options = Atomwise.Options(layers=(1,), activation="silu", gated=True, pool="sum")
    readout = Atomwise(options, [ngn.Dims(4, None)])
    value, gate = readout.mlp.value.first(node), readout.mlp.gate.first(node)
    wanted = 2 * (torch.tensor([[1.0], [3.0], [1.0]]) * value * gate.sigmoid()).sum(0)
    torch.testing.assert_close(readout([(node, None, None)], graph)[0], wanted)
