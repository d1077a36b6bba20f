"""Crystal graphs as torch_geometric's data, and back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch
from torch_geometric.data import Data

from ngn_core.graph.graph import LEVELS, CrystalGraph, Level


class CrystalData(Data):  # type: ignore[misc]
    """A crystal graph whose index of each level counts the rows of the level below.

    Keys are `edge_index`, `angle_index` ... [2, n] (sender, receiver), and of each
    level `LEVEL_multiplicity` and a `LEVEL_COLUMN` for every column; `crystal_COLUMN`
    of the crystal; `atoms` of the given cell, and `facts` as JSON.
    `Batch.from_data_list` puts several side by side; an ordered crystal and one with
    shared sites have different columns and do not go together.
    """

    def __inc__(self, key: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Return by how much an index moves when another crystal comes before it."""
        level = key.removesuffix("_index")
        if key.endswith("_index") and level in LEVELS[1:]:
            return len(self[f"{LEVELS[LEVELS.index(level) - 1]}_multiplicity"])
        return 0

    def __cat_dim__(self, key: str, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the dimension along which crystals are put side by side."""
        return 1 if key.endswith("_index") else 0


def to_pyg(graph: CrystalGraph) -> CrystalData:
    """Return a crystal graph as torch_geometric's data; nothing is lost."""
    data = CrystalData()
    data.num_nodes = len(graph.levels[0])
    for name, level in zip(LEVELS, graph.levels, strict=False):
        if level.index is not None:
            data[f"{name}_index"] = _tensor(level.index)
        data[f"{name}_multiplicity"] = _tensor(level.multiplicity)
        for column, values in level.columns.items():
            data[f"{name}_{column}"] = _tensor(values)
    for column, value in graph.columns.items():
        data[f"crystal_{column}"] = value
    data.atoms = graph.atoms
    data.facts = json.dumps(dict(graph.facts))
    return data


def from_pyg(data: Data) -> CrystalGraph:
    """Return what `to_pyg` was given; of a batch, take `to_data_list()` first."""
    levels = []
    for name in LEVELS:
        if f"{name}_multiplicity" not in data:
            break
        columns = {
            key.removeprefix(f"{name}_"): value.numpy()
            for key, value in data.to_dict().items()
            if key.startswith(f"{name}_")
            and key not in (f"{name}_index", f"{name}_multiplicity")
        }
        index = data[f"{name}_index"].numpy() if f"{name}_index" in data else None
        levels.append(Level(columns, index, data[f"{name}_multiplicity"].numpy()))
    own = {
        key.removeprefix("crystal_"): float(value)
        for key, value in data.to_dict().items()
        if key.startswith("crystal_")
    }
    facts = json.loads(data.facts)
    return CrystalGraph(tuple(levels), int(data.atoms), facts, own)


def _tensor(values: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))
