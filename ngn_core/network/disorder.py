"""Embedding sites that elements share: the weighted mean over the elements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from torch import Tensor

from ngn_core.graph.graph import SHARE, SHARED
from ngn_core.network.features import map_fields
from ngn_core.network.level_batch import LevelBatch


def elements_of(rows: LevelBatch) -> LevelBatch:
    """Return one row for each element of each site, [N K], all of a site together.

    Each has the columns of its site and the atomic number of its element; its weights
    are those of the site times the element's.
    """
    number, weight = rows.columns[SHARED], rows.columns[SHARE]
    most = number.shape[1]

    def repeated(values: Tensor) -> Tensor:
        return values.repeat_interleave(most, dim=0)

    columns = {
        name: repeated(values)
        for name, values in rows.columns.items()
        if name not in (SHARED, SHARE)
    }
    part = weight.flatten().to(rows.weight.dtype)
    return replace(
        rows,
        columns={**columns, "atomic_number": number.flatten()},
        multiplicity=repeated(rows.multiplicity) * part,
        weight=repeated(rows.weight) * part,
        crystal=repeated(rows.crystal),
    )


def onto_sites(features: Any, rows: LevelBatch) -> Any:
    """Return what the elements of each site have, times their weights, summed: [N, F].

    A vacancy has nothing: a site that is 0.9 full of one element has 0.9 of what a full
    one has, so that the same site differs when it is filled otherwise.
    """
    weight = rows.columns[SHARE]

    def summed(field: Tensor) -> Tensor:
        each = field.view(*weight.shape, *field.shape[1:])
        ones = (1,) * (each.dim() - 2)
        share = weight.to(field.dtype).view(*weight.shape, *ones)
        return (each * share).sum(dim=1)

    return map_fields(summed, features)
