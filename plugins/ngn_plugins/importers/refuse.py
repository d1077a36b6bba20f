"""Refusing what a checkpoint says and a network cannot have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ngn_core.api as ngn


def refuse(config: ngn.Config, known: Mapping[str, Any]) -> None:
    """Refuse a checkpoint that says what the network cannot have.

    Raises:
        ValueError: naming the key.
    """
    for key, value in known.items():
        found = config.get(key, value)
        if found != value:
            raise ValueError(f"{key}: {found}; expected {value}")
