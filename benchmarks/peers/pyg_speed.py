"""The side of torch-geometric: its SchNet and DimeNet++.

Its `radius_graph` and its `triplets` need packages that its registry has no wheels of,
so every crystal comes with its edges, and the pairs of edges are listed here before the
clock starts. What the networks compute is torch-geometric's own modules, in the order
of its own forward passes.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from serving import Side, serve
from torch import Tensor, nn
from torch_geometric.data import Batch, Data
from torch_geometric.nn import DimeNetPlusPlus, SchNet, global_mean_pool
from torch_side import TorchSide

CUTOFF = {"schnet": 6.0, "dimenetpp": 5.0}


class Crystal(Data):
    """A crystal, whose pairs of edges count edges."""

    def __inc__(self, key: str, value: Any, *more: Any) -> Any:
        """Return what the values of the next crystal are shifted by."""
        return (
            self.edge_index.shape[1] if key == "pairs" else super().__inc__(key, value)
        )

    def __cat_dim__(self, key: str, value: Any, *more: Any) -> Any:
        """Return the axis that crystals are joined along."""
        return 1 if key == "pairs" else super().__cat_dim__(key, value)


def data(crystal: dict[str, Any], nested: bool) -> Crystal:
    """Return a crystal with its edges and, where asked for, its pairs of edges."""
    index = torch.tensor(crystal["edge_index"])
    vector = torch.tensor(crystal["edge_vector"], dtype=torch.float32)
    numbers = torch.tensor(crystal["numbers"])
    found = Crystal(z=numbers, edge_index=index, vector=vector, num_nodes=len(numbers))
    if nested:
        found.pairs = pairs(index.numpy(), vector.numpy())
    return found


def pairs(index: np.ndarray, vector: np.ndarray) -> Tensor:
    """Return the edges k->j and j->i of every chain but the way back, [2, A]."""
    kj, ji = np.nonzero(index[1][:, None] == index[0][None, :])
    back = index[0][kj] == index[1][ji]
    back &= np.abs(vector[kj] + vector[ji]).max(axis=1) < 1e-3
    return torch.from_numpy(np.stack([kj[~back], ji[~back]]))


def given(batch: Batch, crystal: Tensor) -> tuple[Tensor, Tensor]:
    """Return the edges of a batch and their lengths, in place of a search for them."""
    return batch.edge_index, batch.vector.norm(dim=1)


class FedSchNet(SchNet):
    """SchNet whose edges come with the batch, where others have positions."""

    def predict(self, batch: Batch) -> Tensor:
        """Return [B]."""
        return self(batch.z, batch, batch.batch).squeeze(1)


class FedDimeNet(DimeNetPlusPlus):
    """DimeNet++ whose edges and pairs of edges come with the batch."""

    def predict(self, batch: Batch) -> Tensor:
        """Return [B]."""
        j, i = batch.edge_index
        kj, ji = batch.pairs
        length = batch.vector.norm(dim=1)
        one, two = batch.vector[kj], batch.vector[ji]
        angle = torch.atan2(
            torch.linalg.cross(one, two).norm(dim=1), (one * two).sum(dim=1)
        )
        radial = self.rbf(length)
        spherical = self.sbf(length, angle, kj)
        x = self.emb(batch.z, radial, i, j)
        atoms = batch.z.shape[0]
        pooled = self.output_blocks[0](x, radial, i, num_nodes=atoms)
        blocks = zip(self.interaction_blocks, self.output_blocks[1:], strict=True)
        for interaction, output in blocks:
            x = interaction(x, radial, spherical, kj, ji)
            pooled = pooled + output(x, radial, i, num_nodes=atoms)
        return global_mean_pool(pooled, batch.batch).squeeze(1)


def network(name: str) -> nn.Module:
    """Return a network of the widths that our spec of this name has."""
    if name == "schnet":
        return FedSchNet(128, 128, 6, 50, CUTOFF[name], given, readout="mean")
    return FedDimeNet(128, 1, 4, 64, 8, 256, 7, 6, CUTOFF[name])


def make(crystals: list[dict[str, Any]], asked: argparse.Namespace) -> Side:
    """Return the side of a network."""
    torch.set_num_threads(asked.threads)
    nested = asked.network == "dimenetpp"
    every = [data(crystal, nested) for crystal in crystals]
    facts = {
        "nodes": float(np.mean([len(one.z) for one in every])),
        "edges": float(np.mean([one.edge_index.shape[1] for one in every])),
    }
    if nested:
        facts["angles"] = float(np.mean([one.pairs.shape[1] for one in every]))
    size = asked.batch
    return TorchSide(
        network(asked.network),
        lambda number: Batch.from_data_list(every[number * size : (number + 1) * size]),
        lambda model, batch: model.predict(batch),
        -(-len(every) // size),
        facts,
    )


if __name__ == "__main__":
    serve(make, ("torch", "torch-geometric", "numpy", "scipy"))
