"""Values of columns: numbers, truth values, texts."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

_FLAGS = (bool, np.bool_)


def as_number(value: Any) -> float | None:
    """Return a number or truth value as float, None for everything else."""
    if not isinstance(value, (Real, np.bool_)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def same(first: Any, second: Any) -> bool:
    """Return whether two values are the same; `true` is neither 1 nor a text.

    Numbers are the same where they are equal: 1 and 1.0.
    """
    if isinstance(first, _FLAGS) or isinstance(second, _FLAGS):
        both = isinstance(first, _FLAGS) and isinstance(second, _FLAGS)
        return both and bool(first) == bool(second)
    if isinstance(first, str) or isinstance(second, str):
        return isinstance(first, str) and first == second
    number = as_number(first)
    return number is not None and number == as_number(second)


def shown(value: Any) -> str:
    """Return a value as messages show it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
