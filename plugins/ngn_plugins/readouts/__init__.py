"""Readouts and heads: from features to the prediction."""

import ngn_core.api as ngn
from ngn_plugins.readouts.atomwise import Atomwise
from ngn_plugins.readouts.every_block import EveryBlock
from ngn_plugins.readouts.mlp import MLPHead
from ngn_plugins.readouts.pooled import AsTarget, Mean, Sum
from ngn_plugins.readouts.set2set import Set2SetReadout
from ngn_plugins.readouts.weighted import Weighted


@ngn.hookimpl
def ngn_register_readouts() -> list[type]:
    """Return the readouts of this folder."""
    return [AsTarget, Atomwise, EveryBlock, Mean, Set2SetReadout, Sum, Weighted]


@ngn.hookimpl
def ngn_register_heads() -> list[type]:
    """Return the heads of this folder."""
    return [MLPHead]
