"""A spec without a graph: an estimator that keeps a comparison honest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ngn_core.errors import Problem
from ngn_core.plugin.options import Use
from ngn_core.spec.document import Document
from ngn_core.spec.spec import Reference, Task
from ngn_core.spec.sweep import Point


@dataclass(frozen=True)
class Baseline:
    """An estimator that is compared beside networks.

    Attributes:
        name: as tables print it.
        reference: the paper.
        estimator: what learns and predicts.
        file: the file it was read from.
        document: what was written in it, and where.
        point: of a sweep, None outside of one.
    """

    name: str
    reference: Reference
    estimator: Use
    file: str
    document: Document = field(repr=False, compare=False)
    point: Point | None = None

    def problem(self, key: str, found: str, expected: str) -> Problem:
        """Return a problem at a key, with file and line."""
        return self.document.problem(tuple(key.split(".")), found, expected)

    def components(self, task: Task) -> Iterator[Use]:
        """Yield every component that the spec uses for a task."""
        yield from self.estimator.parts()

    def resolved(self) -> dict[str, Any]:
        """Return everything that the spec says, defaults included, as plain data."""
        return {
            "name": self.name,
            "reference": self.reference.resolved(),
            "estimator": self.estimator.resolved(),
        }
