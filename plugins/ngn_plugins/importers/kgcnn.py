"""What the checkpoints of kgcnn's networks have in common, and Keras' layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

import ngn_core.api as ngn


def asymmetric_unit(
    case: ngn.Case, columns: Mapping[str, str] | None = None
) -> ngn.Given:
    """Return the graph of a case's asymmetric unit; its vectors end at the receiver."""
    graph = case["asu_graph"]
    vector = -np.array(graph["edge_vector"], dtype=np.float64).reshape(-1, 3)
    return ngn.Given(
        np.array(graph["atomic_numbers"], dtype=np.int64),
        np.array(graph["edge_src"], dtype=np.int64),
        np.array(graph["edge_dst"], dtype=np.int64),
        vector,
        np.zeros(vector.shape, dtype=np.int64),
        {ours: np.array(graph[theirs]) for theirs, ours in (columns or {}).items()},
        line_edges(graph),
        np.array(graph["multiplicity"], dtype=np.float64),
    )


def line_edges(graph: Mapping[str, Any]) -> np.ndarray | None:
    """Return (sending edge, receiving edge), [2, A]; None where they are not listed."""
    listed = graph.get("line_edge_index")
    if listed is None:
        return None
    return np.array(listed, dtype=np.int64).reshape(-1, 2).T[::-1]


def units(config: Mapping[str, Any], last: str = "swish") -> list[int]:
    """Return the widths of an MLP with the activations that our layers have."""
    found: list[int] = config["units"]
    functions = ["swish"] * (len(found) - 1) + [last]
    if config["activation"] != functions:
        raise ValueError(
            f"activation: found {config['activation']}; expected {functions}"
        )
    return found


def mlp(
    weights: ngn.Transfer, theirs: str, ours: str, config: Mapping[str, Any]
) -> None:
    """Carry over the layers of an MLP."""
    for layer, name in enumerate(ngn.mlp_layers(ours, len(config["units"]))):
        weights.dense(f"{theirs}.{layer}", name)


def gate(weights: ngn.Transfer, theirs: str, ours: str) -> None:
    """Carry over a GRU: Keras orders update, reset, candidate; torch reset first."""

    def reordered(array: Tensor) -> Tensor:
        update, reset, candidate = array.chunk(3)
        return torch.cat([reset, update, candidate])

    arrays = {
        "weight_ih": ("kernel", lambda kernel: reordered(kernel.T)),
        "weight_hh": ("recurrent_kernel", lambda kernel: reordered(kernel.T)),
        "bias_ih": ("bias", lambda both: reordered(both[0])),
        "bias_hh": ("bias", lambda both: reordered(both[1])),
    }
    for name, (array, function) in arrays.items():
        weights.make(f"{ours}.{name}", function, f"{theirs}/{array}")
