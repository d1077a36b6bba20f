"""The best rows of a long output, without keeping the others."""

from __future__ import annotations

import heapq
from typing import Literal

from ngn_core.prediction.screened import COLUMNS

By = Literal["mean", "lower", "upper"]


class TopRows:
    """The rows with the greatest values in a column, or with the least.

    Of equal values the earlier row comes first; rows without a value do not count.

    Args:
        count: how many rows; 0 for none.
        by: the column.
        least: whether the least values are wanted.
    """

    def __init__(self, count: int, by: By = "mean", least: bool = False) -> None:
        self.count, self.by, self.least = count, by, least
        self._kept: list[tuple[float, int, list[str]]] = []
        self._seen = 0

    def see(self, cells: list[str]) -> None:
        """Take note of a row."""
        self._seen += 1
        text = cells[COLUMNS.index(self.by)]
        if not text or not self.count:
            return
        value = -float(text) if self.least else float(text)
        entry = (value, -self._seen, cells)
        if len(self._kept) < self.count:
            heapq.heappush(self._kept, entry)
        else:
            heapq.heappushpop(self._kept, entry)

    def best(self) -> list[list[str]]:
        """Return the rows, the best first."""
        return [cells for _, _, cells in sorted(self._kept, reverse=True)]
