"""The side of matgl: MEGNet and M3GNet with the widths of our specs, on its own graphs.

The pairs of bonds of M3GNet are listed inside its forward pass, as matgl does where it
is given no line graph.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from matgl.config import DEFAULT_ELEMENTS
from matgl.ext.pymatgen import Structure2Graph
from matgl.models import M3GNet, MEGNet
from pymatgen.core import Lattice, Structure
from serving import Side, serve
from torch import Tensor, nn
from torch_geometric.data import Batch, Data
from torch_side import TorchSide

CUTOFF = 5.0


def data(build: Structure2Graph, crystal: dict[str, Any]) -> Data:
    """Return matgl's graph of a crystal, with what its models read."""
    lattice = np.array(crystal["lattice"])
    structure = Structure(Lattice(lattice), crystal["numbers"], crystal["frac"])
    graph, cell, _ = build.get_graph(structure)
    cell = cell.reshape(3, 3)
    graph.pos = graph.frac_coords @ cell
    graph.pbc_offshift = graph.pbc_offset @ cell
    return graph


def network(name: str) -> nn.Module:
    """Return a network of the widths that our spec of this name has."""
    if name == "megnet":
        return MEGNet(cutoff=CUTOFF, gauss_width=1.0, element_types=DEFAULT_ELEMENTS)
    return M3GNet(cutoff=CUTOFF, is_intensive=True, readout_type="set2set", units=64)


def make(crystals: list[dict[str, Any]], asked: argparse.Namespace) -> Side:
    """Return the side of a network."""
    torch.set_num_threads(asked.threads)
    build = Structure2Graph(DEFAULT_ELEMENTS, CUTOFF)
    every = [data(build, crystal) for crystal in crystals]
    size = asked.batch
    states = torch.zeros(size, 2)

    def predict(model: nn.Module, batch: Batch) -> Tensor:
        state = states[: batch.num_graphs] if asked.network == "megnet" else None
        found: Tensor = model(batch, state)
        return found

    return TorchSide(
        network(asked.network),
        lambda number: Batch.from_data_list(every[number * size : (number + 1) * size]),
        predict,
        -(-len(every) // size),
        {
            "nodes": float(np.mean([one.num_nodes for one in every])),
            "edges": float(np.mean([one.edge_index.shape[1] for one in every])),
        },
    )


if __name__ == "__main__":
    serve(make, ("matgl", "torch", "torch-geometric", "pymatgen-core", "numpy"))
