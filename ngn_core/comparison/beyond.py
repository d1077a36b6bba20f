"""How much of its graphs a network does not see: edges beyond its cutoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch

from ngn_core.network.architecture import architecture_of
from ngn_core.network.reach import ROUNDING
from ngn_core.packed.packed import PackedGraphs
from ngn_core.spec.spec import Spec

_TOGETHER = 512


def beyond_remarks(
    specs: Sequence[Spec], graphs: Mapping[str, PackedGraphs]
) -> list[str]:
    """Return a sentence for each cutoff that edges of a spec's graphs are beyond.

    Args:
        specs: that were trained.
        graphs: of each, by its name.
    """
    remarks = []
    for spec in specs:
        for reach in architecture_of(spec).reaches:
            share = share_beyond(graphs[spec.name], reach.cutoff, pairs=reach.pairs)
            things = "pairs have an edge" if reach.pairs else "edges are"
            remarks.append(
                f"{spec.name}: {share:.2%} of its {things} longer than the cutoff of "
                f"{reach.cutoff:g} Å of {reach.component} ({reach.key}), which gives "
                "them 0."
            )
    return remarks


def share_beyond(graphs: PackedGraphs, cutoff: float, *, pairs: bool) -> float:
    """Return the share of edges longer than a cutoff, Å, or of pairs with such an edge.

    Of the crystals, whatever was merged by symmetry.
    """
    longer, every = 0.0, 0.0
    for start in range(0, len(graphs), _TOGETHER):
        numbers = torch.arange(start, min(start + _TOGETHER, len(graphs)))
        _, edge, *above = graphs.batch(numbers).levels
        length = edge.columns["length"]
        rows = edge
        if pairs:
            rows = above[0]
            ends = rows.sender(length).features, rows.receiver(length).features
            length = torch.maximum(*ends)
        longer += float(rows.weight[length > cutoff + ROUNDING].sum())
        every += float(rows.weight.sum())
    return longer / every if every else 0.0
