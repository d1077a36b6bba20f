"""Readouts and heads: from features to the prediction."""

import ngn_core.api as ngn
from ngn_plugins.readouts.atomwise import Atomwise
from ngn_plugins.readouts.mlp import MLPHead
from ngn_plugins.readouts.pooled import Mean, Sum
from ngn_plugins.readouts.set2set import Set2SetReadout


@ngn.hookimpl
def ngn_register_readouts() -> list[type]:
    """Return the readouts of this folder."""
    return [Atomwise, Mean, Set2SetReadout, Sum]


@ngn.hookimpl
def ngn_register_heads() -> list[type]:
    """Return the heads of this folder."""
    return [MLPHead]
