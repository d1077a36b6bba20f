"""Whether a network is sound beside the laws: shapes, order, gradients, weights."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call

from ngn_core.checks.graphs import Graphs
from ngn_core.checks.random_network import RandomNetwork
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.graph.graph import CrystalGraph, Level
from ngn_core.network.architecture import architecture_of
from ngn_core.network.batch import Batch
from ngn_core.spec.spec import Spec


def find_numerical_problems(
    spec: Spec, crystals: CrystalSet, tolerance: float
) -> list[str]:
    """Return a sentence for everything of a spec's network that is not sound.

    Args:
        spec: the architecture; its network gets random weights.
        crystals: a few; the first four are taken.
        tolerance: in standard deviations of the outputs.
    """
    subject = RandomNetwork(spec, 0)
    graphs = Graphs(spec, architecture_of(spec).columns, 0)
    some = dict(zip(crystals.ids[:4], crystals.crystals[:4], strict=True))
    built = graphs.build(some).graphs
    ids = list(built)
    batch = graphs.batch(built, ids)
    plain = subject.outputs(batch)
    scale = max(plain.std().item(), 1e-12)
    problems = []
    if plain.shape != (len(ids),) or not plain.isfinite().all():
        problems.append(f"outputs of {len(ids)} crystals are {plain}; expected numbers")
    random = np.random.default_rng(0)
    shuffled = {name: _reordered(graph, random) for name, graph in built.items()}
    apart = (subject.outputs(graphs.batch(shuffled, ids)) - plain).abs().max().item()
    if apart > tolerance * scale:
        problems.append(f"order of edges: outputs move by {apart:.3g}; expected none")
    bare = {name: _without_edges(graph) for name, graph in built.items()}
    if not subject.outputs(graphs.batch(bare, ids)).isfinite().all():
        problems.append("atoms without edges: outputs are not finite")
    step = subject.step(batch, plain.mean().item(), scale)
    wild = [name for name, value in step.gradients.items() if not _finite(value)]
    if wild:
        problems.append(f"gradients of {', '.join(wild)} are not finite")
    if not any(value.any() for value in step.gradients.values()):
        problems.append("no parameter has a gradient; nothing can be learned")
    problems += _gradients(subject, batch)
    stored = io.BytesIO()
    torch.save(subject.network.state_dict(), stored)
    stored.seek(0)
    fresh = RandomNetwork(spec, 1)
    fresh.network.load_state_dict(torch.load(stored, weights_only=True))
    if not torch.equal(fresh.outputs(batch), plain):
        problems.append(
            "weights that are stored and loaded give other outputs; what the network "
            "needs belongs into parameters and buffers"
        )
    return problems


def _gradients(subject: RandomNetwork, batch: Batch) -> list[str]:
    """Return what is wrong with gradients of the outputs, by finite differences."""
    names = [name for name, _ in subject.network.named_parameters()]
    values = [value.detach() for _, value in subject.network.named_parameters()]
    if not values:
        return []
    random = torch.Generator().manual_seed(0)
    along = [torch.randn(v.shape, generator=random, dtype=v.dtype) for v in values]

    def output(step: Tensor) -> Tensor:
        moved = {
            name: value + step * direction
            for name, value, direction in zip(names, values, along, strict=True)
        }
        found: Tensor = functional_call(subject.network, moved, (batch,))
        return found.sum()

    start = torch.zeros((), dtype=torch.float64, requires_grad=True)
    (exact,) = torch.autograd.grad(output(start), start)
    h = 1e-6
    with torch.no_grad():
        ends = [output(torch.tensor(sign * h, dtype=torch.float64)) for sign in (1, -1)]
    difference = (ends[0] - ends[1]) / (2 * h)
    if (exact - difference).abs() <= 1e-4 * max(1.0, difference.abs().item()):
        return []
    return [
        f"the gradient along a random direction is {exact.item():.6g}, by finite "
        f"differences {difference.item():.6g}"
    ]


def _finite(value: Tensor) -> bool:
    return bool(value.isfinite().all())


def _reordered(graph: CrystalGraph, random: np.random.Generator) -> CrystalGraph:
    """Return the graph with the items of each receiver in another order."""
    levels = [graph.levels[0]]
    place = np.arange(len(graph.levels[0]))  # where each item of the level below went
    for level in graph.levels[1:]:
        assert level.index is not None
        index = place[level.index]
        order = np.lexsort((random.random(len(level)), index[1]))
        levels.append(replace(_taken(level, order), index=index[:, order]))
        place = np.argsort(order)
    return replace(graph, levels=tuple(levels))


def _without_edges(graph: CrystalGraph) -> CrystalGraph:
    nothing = np.zeros(0, dtype=np.int64)
    above = (_taken(level, nothing) for level in graph.levels[1:])
    return replace(graph, levels=(graph.levels[0], *above))


def _taken(level: Level, rows: np.ndarray) -> Level:
    columns: Mapping[str, np.ndarray] = {
        name: values[rows] for name, values in level.columns.items()
    }
    index = None if level.index is None else level.index[:, rows]
    return Level(columns, index, level.multiplicity[rows])
