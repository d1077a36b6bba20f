"""Transforms of targets, and their inverses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from ngn_core.dataset.dataset import Transform


@dataclass(frozen=True)
class TransformPair:
    """A transform and its inverse, both element by element."""

    forward: Callable[[Tensor], Tensor]
    inverse: Callable[[Tensor], Tensor]


TRANSFORMS: Mapping[Transform, TransformPair] = {
    "none": TransformPair(torch.clone, torch.clone),
    "log10": TransformPair(torch.log10, lambda values: torch.pow(10.0, values)),
    "log1p": TransformPair(torch.log1p, torch.expm1),
    "asinh": TransformPair(torch.asinh, torch.sinh),
}
