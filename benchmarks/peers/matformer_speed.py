"""The side of Matformer: its authors' network, which has the sizes of our spec.

It is given our edges; its features of elements are drawn, for only their number
matters to a clock.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import torch
from matformer.models.pyg_att import Matformer
from serving import Side, serve
from torch import Tensor, nn
from torch_geometric.data import Batch, Data
from torch_side import TorchSide

ELEMENTS, FEATURES = 120, 92


def make(crystals: list[dict[str, Any]], asked: argparse.Namespace) -> Side:
    """Return the side."""
    torch.set_num_threads(asked.threads)
    features = torch.rand(ELEMENTS, FEATURES)
    every = [
        Data(
            x=features[torch.tensor(crystal["numbers"])],
            edge_index=torch.tensor(crystal["edge_index"]),
            edge_attr=torch.tensor(crystal["edge_vector"], dtype=torch.float32),
        )
        for crystal in crystals
    ]
    size = asked.batch

    def predict(model: nn.Module, batch: Batch) -> Tensor:
        found: Tensor = model((batch, None, None))
        return found

    return TorchSide(
        Matformer(),
        lambda number: Batch.from_data_list(every[number * size : (number + 1) * size]),
        predict,
        -(-len(every) // size),
        {
            "nodes": float(np.mean([len(one.x) for one in every])),
            "edges": float(np.mean([one.edge_index.shape[1] for one in every])),
        },
    )


if __name__ == "__main__":
    serve(make, ("torch", "torch-geometric", "torch-scatter", "numpy"))
