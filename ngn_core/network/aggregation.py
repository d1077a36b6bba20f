"""Weighted reductions of the items of a level onto what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ngn_core.network.features import map_fields
from ngn_core.network.segments import Segments, gather, segment_sum


@dataclass(frozen=True)
class Aggregation:
    """Reduces [n, F] to [size, F]; an item of weight w counts as w equal items.

    Under a quotient these are the sums over the whole crystal (design, section 3).

    Attributes:
        segments: of the items.
        weight: [n], how often the item counts.
    """

    segments: Segments
    weight: Tensor

    @property
    def index(self) -> Tensor:
        """Return the target of each item, [n]."""
        return self.segments.index

    @property
    def size(self) -> int:
        """Return the number of targets."""
        return self.segments.size

    def sum(self, features: Any) -> Any:
        """Return the weighted sums, [size, F] a field; 0 where nothing arrives."""
        return map_fields(self._sum, features)

    def mean(self, features: Any) -> Any:
        """Return the weighted means, [size, F] a field; 0 where nothing arrives."""
        total = self.count().clamp(min=torch.finfo(self.weight.dtype).tiny)
        return map_fields(lambda field: _scale(self._sum(field), 1 / total), features)

    def max(self, features: Any) -> Any:
        """Return the maxima, [size, F] a field; 0 where nothing arrives."""
        return map_fields(self._max, features)

    def softmax(self, scores: Tensor) -> Tensor:
        """Return [n, H] coefficients whose weighted sum onto each target is 1."""
        shifted = scores - self._max(scores.detach()).index_select(0, self.index)
        power = shifted.exp()
        return power / gather([self._sum(power)], [self.segments])

    def count(self) -> Tensor:
        """Return the sum of weights of each target, [size]."""
        return self.weight.new_zeros(self.size).index_add(0, self.index, self.weight)

    def _sum(self, field: Tensor) -> Tensor:
        return segment_sum(field, self.weight.to(field.dtype), self.segments)

    def _max(self, field: Tensor) -> Tensor:
        index = self.index.view(-1, *[1] * (field.dim() - 1)).expand_as(field)
        zeros = field.new_zeros((self.size, *field.shape[1:]))
        return zeros.scatter_reduce(0, index, field, "amax", include_self=False)


def _scale(field: Tensor, weight: Tensor) -> Tensor:
    return field * weight.view(-1, *[1] * (field.dim() - 1))
