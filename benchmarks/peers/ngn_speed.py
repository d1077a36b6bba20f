"""Our own side: a spec's network, trained as `ngn-compare` trains it, step by step."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from serving import Side, serve
from torch_side import in_mode

from ngn_core.crystal.crystal import Crystal
from ngn_core.network.build import build_network
from ngn_core.packed.packed import PackedGraphs, pack
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec
from ngn_core.training.batches import Batches
from ngn_core.training.module import TrainingModule, fuse

LEVELS = ("nodes", "edges", "angles")
PACKAGES = ("ngn", "torch", "numpy", "lightning")


@dataclass(frozen=True)
class Made:
    """A spec and its packed graphs."""

    spec: Spec
    graphs: PackedGraphs


def made(crystals: Sequence[dict[str, Any]], network: str, symmetry: str) -> Made:
    """Return the graphs of plain crystals, as a spec has them."""
    registry = collect(plugin_manager([]))
    (spec,) = load_specs([network], registry, [f"graph.symmetry={symmetry}"])
    build = recipe_of(spec, registry).builder()
    graphs = [build(read(crystal)) for crystal in crystals]
    return Made(spec, pack(graphs))


def read(crystal: dict[str, Any]) -> Crystal:
    """Return a crystal from its plain form."""
    species = tuple(((number, 1.0),) for number in crystal["numbers"])
    return Crystal(np.array(crystal["lattice"]), np.array(crystal["frac"]), species)


class NgnSide:
    """A training module on packed graphs, driven without Lightning's loop."""

    def __init__(self, made: Made, batch: int) -> None:
        torch.manual_seed(0)
        cpu = torch.device("cpu")
        self.graphs = made.graphs.to(cpu, torch.float32)
        self.network = build_network(made.spec)
        self.numbers = list(Batches(torch.arange(len(self.graphs)), batch, cpu))
        self.batches = len(self.numbers)
        self.network.observe(self.graphs.batch(numbers) for numbers in self.numbers)
        options = made.spec.train["regression"]
        targets = torch.zeros(len(self.graphs))
        self.module = TrainingModule(
            self.network, self.graphs, targets, options, self.batches
        )
        self.optimizer = options.optimizer.build().optimizer(self.network.parameters())
        fuse(self.optimizer)
        parameters = [p for p in self.network.parameters() if p.requires_grad]
        self.facts = {
            **dict(zip(LEVELS, self.graphs.sizes(), strict=False)),
            "parameters": sum(p.numel() for p in parameters),
        }

    def train(self, batch: int) -> None:
        """Take one step on a batch, towards 0."""
        in_mode(self.network, training=True)
        self.optimizer.zero_grad()
        self.module.training_step(self.numbers[batch], batch).backward()
        self.optimizer.step()

    def infer(self, batch: int) -> None:
        """Predict a batch."""
        in_mode(self.network, training=False)
        with torch.no_grad():
            self.module(self.numbers[batch])

    def assemble(self, batch: int) -> None:
        """Put a batch together."""
        self.graphs.batch(self.numbers[batch])


def make(crystals: list[dict[str, Any]], asked: argparse.Namespace) -> Side:
    """Return the side of a spec."""
    torch.set_num_threads(asked.threads)
    torch.set_flush_denormal(True)
    return NgnSide(made(crystals, asked.network, asked.symmetry), asked.batch)


if __name__ == "__main__":
    serve(make, PACKAGES)
