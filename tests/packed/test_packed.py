"""A batch of packed graphs is the graphs side by side."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.graph.graph import CrystalGraph, Level
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.packed import pack
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_specs

SIZES = [(3, 7, 11, 4), (1, 2, 0, 0), (2, 0, 0, 0), (5, 9, 30, 8), (1, 1, 1, 1)]
"""Nodes, edges, angles, torsions of five graphs; some without edges or angles."""


def random_graph(sizes, seed, depth):
    rng = np.random.default_rng(seed)
    levels, below = [], 0
    for count in sizes[:depth]:
        index = None
        if levels:
            index = rng.integers(0, max(below, 1), size=(2, count))
            index[1].sort()
        columns = {
            "kind": rng.integers(1, 90, size=count),
            "size": rng.normal(size=count),
            "vector": rng.normal(size=(count, 3)),
        }
        levels.append(Level(columns, index, rng.integers(1, 5, size=count)))
        below = count
    return CrystalGraph(tuple(levels), int(rng.integers(1, 40)))


def random_graphs(depth):
    return [random_graph(sizes, seed, depth) for seed, sizes in enumerate(SIZES)]


def side_by_side(graphs, chosen):
    """One row after the other: columns, index, multiplicity, weight, crystal."""
    levels = []
    for depth in range(len(graphs[0].levels)):
        rows = []
        start = [0] * len(chosen)
        for place in range(1, len(chosen)):
            if depth:
                before = graphs[chosen[place - 1]].levels[depth - 1]
                start[place] = start[place - 1] + len(before)
        for place, number in enumerate(chosen):
            level = graphs[number].levels[depth]
            for item in range(len(level)):
                row = {name: level.columns[name][item] for name in level.columns}
                row["multiplicity"] = row["weight"] = level.multiplicity[item]
                row["crystal"] = place
                if level.index is not None:
                    sender, receiver = level.index[:, item]
                    row["sender"] = start[place] + sender
                    row["receiver"] = start[place] + receiver
                    weight_below = levels[-1][row["receiver"]]["weight"]
                    row["weight"] = row["multiplicity"] * weight_below
                rows.append(row)
        levels.append(rows)
    return levels


def assert_is(batch, graphs, chosen):
    wanted = side_by_side(graphs, chosen)
    assert len(batch.levels) == len(wanted)
    for level, rows in zip(batch.levels, wanted, strict=True):
        found = {
            **level.columns,
            "multiplicity": level.multiplicity,
            "weight": level.weight,
            "crystal": level.crystal,
        }
        if level.index is not None:
            found["sender"], found["receiver"] = level.index
        assert level.crystals == len(chosen)
        for name, values in found.items():
            assert len(values) == len(rows)
            for value, row in zip(values, rows, strict=True):
                np.testing.assert_array_equal(value.numpy(), row[name], name)
    atoms = [graphs[number].atoms for number in chosen]
    assert batch.crystals.columns["atoms"].tolist() == atoms
    assert batch.crystals.weight.tolist() == [1.0] * len(chosen)
    assert batch.crystals.crystal.tolist() == list(range(len(chosen)))


CHOICES = [[0, 1, 2, 3, 4], [4, 0, 3], [3, 3, 1, 3], [2], [1, 2], [0]]


@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("chosen", CHOICES, ids=str)
def test_a_batch_is_its_graphs_side_by_side(depth, chosen):
    graphs = random_graphs(depth)
    assert_is(pack(graphs).batch(torch.tensor(chosen)), graphs, chosen)


@pytest.mark.parametrize("depth", [2, 4])
@pytest.mark.parametrize("chosen", CHOICES, ids=str)
def test_taking_graphs_and_batching_them_is_batching_them(depth, chosen):
    graphs = random_graphs(depth)
    taken = pack(graphs).take(torch.tensor(chosen))
    assert len(taken) == len(chosen)
    again = list(range(len(chosen)))[::-1]
    assert_is(taken.batch(torch.tensor(again)), graphs, chosen[::-1])
    twice = taken.take(torch.tensor(again))
    assert_is(twice.batch(torch.tensor(again)), graphs, chosen)


def test_columns_of_crystals_go_with_their_graphs():
    packed = pack(random_graphs(2))
    packed = packed.with_crystal_column("state", torch.arange(5))
    taken = packed.take(torch.tensor([4, 2]))
    assert taken.crystals["state"].tolist() == [4, 2]
    batch = taken.batch(torch.tensor([1, 0, 1]))
    assert batch.crystals.columns["state"].tolist() == [2, 4, 2]


def test_a_move_keeps_integers_and_changes_the_precision_of_the_rest():
    graphs = random_graphs(3)
    packed = pack(graphs)
    moved = packed.to("cpu", torch.float32)
    for before, after in zip(packed.levels, moved.levels, strict=True):
        assert after.columns["kind"].dtype == torch.int64
        assert after.start.dtype == torch.int64
        assert after.index is None or after.index.dtype == torch.int64
        assert before.columns["size"].dtype == torch.float64
        assert after.columns["size"].dtype == torch.float32
        assert after.multiplicity.dtype == torch.float32
    assert moved.crystals["atoms"].dtype == torch.float32
    assert all(
        rows.weight.dtype == torch.float32
        for rows in moved.batch(torch.tensor([3, 0])).levels
    )
    back = moved.to("cpu", torch.float64).batch(torch.tensor([0]))
    np.testing.assert_array_equal(
        back.levels[1].weight, packed.batch(torch.tensor([0])).levels[1].weight
    )


def test_the_mean_sizes_are_those_of_the_graphs():
    wanted = np.mean(SIZES, axis=0)
    assert pack(random_graphs(4)).sizes() == pytest.approx(wanted)


CRYSTALS = {
    "CsCl": Crystal(
        np.eye(3) * 4.12, np.array([[0.0] * 3, [0.5] * 3]), (((55, 1),), ((17, 1),))
    ),
    "Po": Crystal(np.eye(3) * 3.35, np.zeros((1, 3)), (((84, 1),),)),
    "low": Crystal(
        np.array([[4.1, 0.2, 0.1], [0.7, 5.2, -0.4], [-0.3, 0.9, 4.6]]),
        np.array([[0.02, 0.11, 0.2], [0.47, 0.52, 0.43], [0.81, 0.13, 0.76]]),
        (((22, 1),), ((8, 1),), ((8, 1),)),
    ),
}


@pytest.mark.parametrize(
    ("name", "symmetry"),
    [
        (name, symmetry)
        for name in shipped_specs()
        if "/" not in name
        for symmetry in ("none", "orbits")
        if (name, symmetry) != ("painn", "orbits")  # it uses directions
    ],
)
def test_a_network_gives_a_batch_what_it_gives_each_crystal_alone(
    name, symmetry, registry
):
    spec = load_specs([name], registry, [f"graph.symmetry={symmetry}"])[0]
    torch.manual_seed(0)
    network = build_network(spec).double().eval()
    for parameter in network.parameters():
        if not parameter.any():  # a last layer may start from 0
            torch.nn.init.normal_(parameter)
    recipe = GraphRecipe.of(spec.graph, architecture_of(spec).columns, registry)
    built = build_graphs(
        list(CRYSTALS), list(CRYSTALS.values()), recipe, None, lambda done: None
    )
    with torch.no_grad():
        together = network(built.graphs.batch(torch.tensor([2, 0, 1, 0])))
        for place, number in enumerate([2, 0, 1, 0]):
            alone = network(built.graphs.batch(torch.tensor([number])))
            torch.testing.assert_close(
                together[place], alone[0], rtol=1e-10, atol=1e-10
            )
    assert len(set(together[:3, 0].tolist())) == 3
