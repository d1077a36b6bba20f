"""What the checkpoints of matgl's networks have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from torch import Tensor

import ngn_core.api as ngn

ACTIVATIONS: Mapping[str, str] = {
    "swish": "silu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softplus": "softplus",
    "softplus2": "shifted_softplus",
}
"""Our names of matgl's activation functions."""


def activation_of(config: ngn.Config) -> str:
    """Return our name of the activation function."""
    found = config["activation_type"]
    if found not in ACTIVATIONS:
        raise ValueError(
            f"activation_type: found {found!r}; expected one of "
            f"{', '.join(ACTIVATIONS)}"
        )
    return ACTIVATIONS[found]


def element_rows(table: Tensor, config: ngn.Config) -> Tensor:
    """Return matgl's table of elements by atomic number.

    Its rows are the places of the symbols in `element_types`.
    """
    symbols = config["element_types"]
    if len(symbols) != len(table):
        raise ValueError(
            f"element_types: {len(symbols)} symbols, and the table of elements has "
            f"{len(table)} rows"
        )
    return ngn.by_number(table, [ngn.number_of(symbol) for symbol in symbols])


def first_of_bond(config: ngn.Config) -> Literal["sender", "receiver"]:
    """Return the end of the edge that matgl takes for the start of the bond.

    Messages are summed at the bond's end up to matgl 2.0, at its start from 4.0 on.
    """
    told = config["message_receiver"]
    for word, side in (("end", "sender"), ("start", "receiver")):
        if told.startswith(word):
            return side  # type: ignore[return-value]
    raise ValueError(
        f"message_receiver: found {told!r}; expected a sentence that begins with "
        "`end` (matgl up to 2.0) or `start` (from 4.0 on)"
    )


def mlp(weights: ngn.Transfer, theirs: str, ours: str, count: int) -> None:
    """Carry over matgl's `MLP` of so many layers."""
    for layer, name in enumerate(ngn.mlp_layers(ours, count)):
        weights.layer(f"{theirs}.layers.{2 * layer}", name)
