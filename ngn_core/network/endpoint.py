"""One end of each edge: features of the level below, gathered only where needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ngn_core.network.features import map_fields
from ngn_core.network.segments import Segments, gather


@dataclass(frozen=True)
class Endpoint:
    """Features of what each item of a level points at.

    Attributes:
        source: features of the items pointed at, [N, F] a field, or None.
        segments: which of them each item points at.
    """

    source: Any
    segments: Segments

    @property
    def index(self) -> Tensor:
        """Return which row of the source each item points at, [E]."""
        return self.segments.index

    @property
    def features(self) -> Any:
        """Return the gathered features, [E, F] a field, or None."""
        return map_fields(lambda field: gather([field], [self.segments]), self.source)

    def map(self, function: Callable[[Any], Any]) -> Any:
        """Return `function(source)`, gathered: computed N times, not E times."""
        return Endpoint(function(self.source), self.segments).features
