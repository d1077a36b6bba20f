"""All graphs of a dataset in a few flat arrays; a batch is an index operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from ngn_core.graph.graph import SHARE, SHARED, CrystalGraph
from ngn_core.network.batch import Batch
from ngn_core.network.level_batch import LevelBatch


@dataclass(frozen=True)
class PackedLevel:
    """One level of all graphs, end to end.

    Attributes:
        columns: each [n, ...].
        index: [2, n], (sender, receiver), counted within each graph; None for nodes.
        multiplicity: [n].
        start: [graphs + 1], where each graph's rows begin.
    """

    columns: Mapping[str, Tensor]
    index: Tensor | None
    multiplicity: Tensor
    start: Tensor


@dataclass(frozen=True)
class PackedGraphs:
    """All graphs of a dataset.

    Attributes:
        levels: lowest first.
        crystals: columns of the crystals: `atoms` of the given cell, which are its
            sites, full or not; `state` ...
    """

    levels: tuple[PackedLevel, ...]
    crystals: Mapping[str, Tensor]

    def __len__(self) -> int:
        """Return the number of graphs."""
        return len(self.crystals["atoms"])

    def sizes(self) -> list[float]:
        """Return the mean number of items a graph, by level."""
        return [len(level.multiplicity) / max(len(self), 1) for level in self.levels]

    def tensors(self) -> Iterator[Tensor]:
        """Yield everything that is kept."""
        yield from self.crystals.values()
        for level in self.levels:
            yield from (*level.columns.values(), level.multiplicity, level.start)
            if level.index is not None:
                yield level.index

    def with_crystal_column(self, name: str, values: Tensor) -> PackedGraphs:
        """Return the graphs with one more column of the crystals, [graphs, ...]."""
        return replace(self, crystals={**self.crystals, name: values})

    def take(self, graphs: Tensor) -> PackedGraphs:
        """Return some of the graphs, packed, by their numbers, [n]."""
        batch = self.batch(graphs)
        levels = []
        below: Tensor | None = None
        for rows in batch.levels:
            count = torch.bincount(rows.crystal, minlength=len(graphs))
            start = torch.cat([count.new_zeros(1), count.cumsum(0)])
            index = rows.index
            if index is not None and below is not None:
                index = index - below.index_select(0, rows.crystal)
            levels.append(PackedLevel(rows.columns, index, rows.multiplicity, start))
            below = start
        return PackedGraphs(tuple(levels), batch.crystals.columns)

    def to(self, device: torch.device | str, dtype: torch.dtype) -> PackedGraphs:
        """Return the graphs on a device, floating point numbers in one precision."""

        def move(values: Tensor) -> Tensor:
            real = values.is_floating_point()
            return values.to(device, dtype if real else values.dtype)

        levels = tuple(
            PackedLevel(
                {name: move(values) for name, values in level.columns.items()},
                None if level.index is None else move(level.index),
                move(level.multiplicity),
                move(level.start),
            )
            for level in self.levels
        )
        return PackedGraphs(
            levels, {name: move(values) for name, values in self.crystals.items()}
        )

    def batch(self, graphs: Tensor) -> Batch:
        """Return the graphs of these numbers side by side, in this order.

        Args:
            graphs: [B], on the device of the packed graphs.
        """
        levels: list[LevelBatch] = []
        below: Tensor | None = None
        for level in self.levels:
            start = level.start.index_select(0, graphs)
            count = level.start.index_select(0, graphs + 1) - start
            begin = count.cumsum(0) - count
            crystal = torch.repeat_interleave(count)
            rows = torch.arange(len(crystal), device=graphs.device)
            rows = rows + (start - begin).index_select(0, crystal)
            multiplicity = level.multiplicity.index_select(0, rows)
            index, weight = None, multiplicity
            if level.index is not None and below is not None:
                index = level.index.index_select(1, rows) + below.index_select(
                    0, crystal
                )
                weight = multiplicity * levels[-1].weight.index_select(0, index[1])
            columns = {
                name: values.index_select(0, rows)
                for name, values in level.columns.items()
            }
            levels.append(
                LevelBatch(columns, index, multiplicity, weight, crystal, len(graphs))
            )
            below = begin
        return Batch(levels, self._crystals(graphs))

    def _crystals(self, graphs: Tensor) -> LevelBatch:
        columns = {
            name: values.index_select(0, graphs)
            for name, values in self.crystals.items()
        }
        ones = self.levels[0].multiplicity.new_ones(len(graphs))
        number = torch.arange(len(graphs), device=graphs.device)
        return LevelBatch(columns, None, ones, ones, number, len(graphs))


def pack(graphs: Sequence[CrystalGraph]) -> PackedGraphs:
    """Return graphs of equal depth, packed; real columns in float64."""
    levels = []
    for depth in range(len(graphs[0].levels)):
        parts = [graph.levels[depth] for graph in graphs]
        known = _alike([part.columns for part in parts])
        columns = {
            name: torch.from_numpy(np.concatenate([part[name] for part in known]))
            for name in known[0]
        }
        indices = [part.index for part in parts if part.index is not None]
        index = torch.from_numpy(np.concatenate(indices, axis=1)) if indices else None
        multiplicity = np.concatenate([part.multiplicity for part in parts])
        start = np.cumsum([0, *(len(part) for part in parts)])
        levels.append(
            PackedLevel(
                columns,
                index,
                torch.from_numpy(multiplicity.astype(np.float64)),
                torch.from_numpy(start),
            )
        )
    atoms = torch.tensor([graph.atoms for graph in graphs], dtype=torch.float64)
    named = {
        name: torch.tensor([graph.columns[name] for graph in graphs]).double()
        for name in graphs[0].columns
    }
    return PackedGraphs(tuple(levels), {**named, "atoms": atoms})


def join(parts: Sequence[PackedGraphs]) -> PackedGraphs:
    """Return packed graphs of equal depth, end to end."""
    if len(parts) == 1:
        return parts[0]
    levels = tuple(
        _join_level([part.levels[depth] for part in parts])
        for depth in range(len(parts[0].levels))
    )
    crystals = {
        name: torch.cat([part.crystals[name] for part in parts])
        for name in parts[0].crystals
    }
    return PackedGraphs(levels, crystals)


def _join_level(parts: Sequence[PackedLevel]) -> PackedLevel:
    indices = [part.index for part in parts if part.index is not None]
    counts = torch.cat([part.start.diff() for part in parts])
    known = _alike(
        [
            {name: values.numpy() for name, values in part.columns.items()}
            for part in parts
        ]
    )
    return PackedLevel(
        {
            name: torch.cat([torch.from_numpy(part[name]) for part in known])
            for name in known[0]
        },
        torch.cat(indices, dim=1) if indices else None,
        torch.cat([part.multiplicity for part in parts]),
        torch.cat([counts.new_zeros(1), counts.cumsum(0)]),
    )


def _alike(parts: Sequence[Mapping[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
    """Return columns of one level of several graphs, all with the same names.

    Where a crystal among them is disordered, all have the shares of their sites in
    place of one atomic number, padded to the widest with weight 0.
    """
    widest = max((part[SHARED].shape[1] for part in parts if SHARED in part), default=0)
    return [_widened(part, widest) if widest else dict(part) for part in parts]


def _widened(columns: Mapping[str, np.ndarray], width: int) -> dict[str, np.ndarray]:
    found = dict(columns)
    if SHARED in found:
        number, weight = found[SHARED], found[SHARE]
    else:
        number = found.pop("atomic_number")[:, None]
        weight = np.ones(number.shape)
    missing = width - number.shape[1]
    found[SHARED] = np.pad(number, ((0, 0), (0, missing)), "edge")
    found[SHARE] = np.pad(weight, ((0, 0), (0, missing)))
    return found
