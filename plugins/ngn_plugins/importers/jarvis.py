"""What checkpoints of ALIGNN and Matformer have in common: jarvis-tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

import ngn_core.api as ngn


def neighbor_options(config: ngn.Config) -> Mapping[str, Any]:
    """Return the options of jarvis-tools' neighbors, by key of the spec.

    Raises:
        ValueError: for another strategy.
    """
    graph = config["graph"]
    if graph["neighbor_strategy"] != "k-nearest":
        raise ValueError(
            f"graph.neighbor_strategy: {graph['neighbor_strategy']}; expected k-nearest"
        )
    return {
        "graph.edges.neighbors": graph["max_neighbors"],
        "graph.edges.cutoff": graph["cutoff"],
    }


def atom_features(weights: ngn.Transfer, ours: str) -> None:
    """Carry over the table of fixed numbers an element, its rows by atomic number."""
    weights.make(ours, ngn.by_number, "aux/atom_features")


def check_centers(weights: ngn.Transfer, name: str, start: float, stop: float) -> None:
    """Check that the Gaussians of a checkpoint are those of the spec.

    Raises:
        ValueError: where their centers lie elsewhere.
    """
    if name not in weights:
        return
    centers = weights.read(name)
    wanted = torch.linspace(start, stop, len(centers), dtype=centers.dtype)
    if not torch.allclose(centers, wanted, atol=1e-6):
        raise ValueError(
            f"{name}: {len(centers)} centers from {float(centers[0]):g} to "
            f"{float(centers[-1]):g}; expected even steps from {start:g} to {stop:g}"
        )
    weights.skip(name, "the spec has the centers")
