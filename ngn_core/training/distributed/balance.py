"""Where a row of graphs is cut into pieces of about as many edges."""

from __future__ import annotations

import torch
from torch import Tensor


def balance_edges(edges: Tensor, pieces: int, least: int = 1) -> list[int]:
    """Return where each piece ends, the last one at the end of all.

    Each cut lies where the edges so far are nearest to their share, so that no piece
    is off by more than the edges of one graph, as long as each has `least` graphs.

    Args:
        edges: [n], of the graphs in their order.
        pieces: how many, `least` x (pieces - 1) < n.
        least: graphs of a piece, but for the last one, which has 1 at least.
    """
    many = edges.double()
    middle = many.cumsum(0) - many / 2
    shares = many.sum() * torch.arange(1, pieces, dtype=torch.float64) / pieces
    ends = [0]
    for left, nearest in enumerate(
        torch.searchsorted(middle, shares).tolist(), start=2
    ):
        most = len(edges) - 1 - least * (pieces - left)
        ends.append(min(max(nearest, ends[-1] + least), most))
    return [*ends[1:], len(edges)]
