"""One end of each edge: features of the level below, gathered only where needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ngn_core.network.features import map_fields


@dataclass(frozen=True)
class Endpoint:
    """Features of what each thing of a level points at.

    Attributes:
        source: features of the things pointed at, [N, F] a field, or None.
        index: [E], which of them each thing points at.
    """

    source: Any
    index: Tensor

    @property
    def features(self) -> Any:
        """Return the gathered features, [E, F] a field, or None."""
        return map_fields(lambda field: field.index_select(0, self.index), self.source)

    def map(self, function: Callable[[Any], Any]) -> Any:
        """Return `function(source)`, gathered: computed N times, not E times."""
        return Endpoint(function(self.source), self.index).features
