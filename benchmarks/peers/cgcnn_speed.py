"""The side of CGCNN: its authors' network and collation, with the sizes of our spec.

It is given our edges; of each atom's it takes the 12 shortest, as its own search does.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cgcnn
import numpy as np
import torch
from cgcnn.data import AtomCustomJSONInitializer, GaussianDistance, collate_pool
from cgcnn.model import CrystalGraphConvNet
from serving import Side, serve
from torch import Tensor, nn
from torch_side import TorchSide

NEIGHBORS = 12
CUTOFF, STEP = 8.0, 0.2
ELEMENTS = Path(cgcnn.__file__).parents[1] / "data/sample-regression/atom_init.json"


def data(
    crystal: dict[str, Any],
    elements: AtomCustomJSONInitializer,
    expansion: GaussianDistance,
) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor, int]:
    """Return a crystal as the authors' loader gives it."""
    sender, receiver = np.array(crystal["edge_index"])
    length = np.linalg.norm(crystal["edge_vector"], axis=1)
    atoms = len(crystal["numbers"])
    index = np.zeros((atoms, NEIGHBORS), dtype=np.int64)
    near = np.full((atoms, NEIGHBORS), CUTOFF + 1)
    for atom in range(atoms):
        mine = np.flatnonzero(receiver == atom)
        mine = mine[np.argsort(length[mine], kind="stable")][:NEIGHBORS]
        index[atom, : len(mine)] = sender[mine]
        near[atom, : len(mine)] = length[mine]
    features = np.vstack([elements.get_atom_fea(one) for one in crystal["numbers"]])
    return (
        (
            torch.tensor(features, dtype=torch.float32),
            torch.tensor(expansion.expand(near), dtype=torch.float32),
            torch.tensor(index),
        ),
        torch.zeros(1),
        0,
    )


def make(crystals: list[dict[str, Any]], asked: argparse.Namespace) -> Side:
    """Return the side."""
    torch.set_num_threads(asked.threads)
    elements = AtomCustomJSONInitializer(ELEMENTS)
    expansion = GaussianDistance(dmin=0, dmax=CUTOFF, step=STEP)
    every = [data(crystal, elements, expansion) for crystal in crystals]
    size = asked.batch
    (atoms, edges, _), *_ = every[0]

    def predict(model: nn.Module, batch: Any) -> Tensor:
        given, *_ = batch
        found: Tensor = model(*given)
        return found.squeeze(1)

    nodes = float(np.mean([len(atoms) for (atoms, *_), *_ in every]))
    return TorchSide(
        CrystalGraphConvNet(atoms.shape[1], edges.shape[2], 64, 4, 32, 1),
        lambda number: collate_pool(every[number * size : (number + 1) * size]),
        predict,
        -(-len(every) // size),
        {"nodes": nodes, "edges": NEIGHBORS * nodes},
    )


if __name__ == "__main__":
    serve(make, ("torch", "numpy", "pymatgen"))
