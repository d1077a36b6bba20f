"""The side of alignn: its network without DGL, with the widths of our spec.

It is given our edges, the 12 nearest neighbors both ways; which pairs of them are
angles, and how graphs are put together, is its own code.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from alignn.models.alignn_atomwise_pure import (
    ALIGNNAtomWisePure,
    ALIGNNAtomWisePureConfig,
)
from alignn.torch_graph_builder import (
    TorchGraph,
    _line_graph_edges,
    batch_torch_graph_pairs,
    torch_bond_cosines,
)
from jarvis.core.specie import atomic_numbers_to_symbols, get_node_attributes
from serving import Side, serve
from torch import Tensor, nn
from torch_side import TorchSide

Pair = tuple[TorchGraph, TorchGraph]


def data(crystal: dict[str, Any]) -> Pair:
    """Return the graph of a crystal and its line graph."""
    src, dst = torch.tensor(crystal["edge_index"])
    vector = -torch.tensor(crystal["edge_vector"], dtype=torch.float32)
    symbols = atomic_numbers_to_symbols(crystal["numbers"])
    features = [get_node_attributes(symbol, "cgcnn") for symbol in symbols]
    nodes = len(symbols)
    graph = TorchGraph(
        nodes,
        src,
        dst,
        {"atom_features": torch.tensor(features, dtype=torch.float32)},
        {"r": vector},
    )
    one, two = _line_graph_edges(src, dst, nodes)
    cosine = torch_bond_cosines(vector[one], vector[two])
    return graph, TorchGraph(len(src), one, two, {}, {"h": cosine})


def network() -> nn.Module:
    """Return a network of the widths that our spec has."""
    config = ALIGNNAtomWisePureConfig(
        name="alignn_atomwise_pure",
        alignn_layers=4,
        gcn_layers=4,
        atom_input_features=92,
        edge_input_features=80,
        triplet_input_features=40,
        embedding_features=64,
        hidden_features=256,
        calculate_gradient=False,
        lg_on_fly=False,
        energy_mult_natoms=False,
        use_penalty=False,
    )
    return ALIGNNAtomWisePure(config)


def make(crystals: list[dict[str, Any]], asked: argparse.Namespace) -> Side:
    """Return the side."""
    torch.set_num_threads(asked.threads)
    every = [data(crystal) for crystal in crystals]
    size = asked.batch

    def collate(number: int) -> Pair:
        found: Pair = batch_torch_graph_pairs(
            every[number * size : (number + 1) * size]
        )
        return found

    def predict(model: nn.Module, batch: Pair) -> Tensor:
        found: Tensor = model((*batch, torch.eye(3)))["out"]
        return found

    return TorchSide(
        network(),
        collate,
        predict,
        -(-len(every) // size),
        {
            "nodes": float(np.mean([graph.num_nodes for graph, _ in every])),
            "edges": float(np.mean([graph.num_edges for graph, _ in every])),
            "angles": float(np.mean([line.num_edges for _, line in every])),
        },
    )


if __name__ == "__main__":
    serve(make, ("alignn", "torch", "jarvis-tools", "numpy"))
