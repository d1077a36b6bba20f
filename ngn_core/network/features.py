"""Features: None, a tensor, or a NamedTuple of tensors with one first axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor


def map_fields(function: Callable[[Tensor], Tensor], features: Any) -> Any:
    """Apply `function` to a tensor or each field of a NamedTuple; None stays None."""
    if features is None:
        return None
    if isinstance(features, tuple):
        fields = (map_fields(function, field) for field in features)
        return type(features)(*fields)
    return function(features)


def first_field(features: Any) -> Any:
    """Return a tensor as it is, and of a NamedTuple the first field."""
    return features[0] if isinstance(features, tuple) else features
