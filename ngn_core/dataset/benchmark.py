"""Which crystals of a published benchmark's task a set holds: all, or a part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ngn_core.dataset.dataset import Benchmark, Row


@dataclass(frozen=True)
class BenchmarkPart:
    """The crystals of a task that a set holds.

    Attributes:
        name: of the task, `matbench_jdft2d`.
        rows: how many crystals the whole task has.
        ids: [B], the task's ids of the crystals, in their order.
    """

    name: str
    rows: int
    ids: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether all crystals of the task are here, and no other."""
        return len(set(self.ids)) == len(self.ids) == self.rows

    @property
    def called(self) -> str:
        """Return the task's name, of a part not alone."""
        return self.name if self.is_whole else f"part of {self.name}"

    def take(self, places: Sequence[int]) -> BenchmarkPart:
        """Return the crystals at some places."""
        return replace(self, ids=tuple(self.ids[place] for place in places))


def part_of(benchmark: Benchmark, rows: Sequence[Row]) -> BenchmarkPart:
    """Return which crystals of a task some rows are."""
    ids = tuple(benchmark.id_of(row) for row in rows)
    return BenchmarkPart(benchmark.name, benchmark.rows, ids)
