"""Embeddings: from raw columns to the first features of a level."""

import ngn_core.api as ngn
from ngn_plugins.embeddings.element import Element
from ngn_plugins.embeddings.gaussian import Gaussian
from ngn_plugins.embeddings.joined import Basis, Concat, Layers
from ngn_plugins.embeddings.periodic_table import PeriodicTable
from ngn_plugins.embeddings.state import Constant, Label, Number


@ngn.hookimpl
def ngn_register_embeddings() -> list[type]:
    """Return the embeddings of this folder."""
    return [
        Basis,
        Concat,
        Constant,
        Element,
        Gaussian,
        Label,
        Layers,
        Number,
        PeriodicTable,
    ]
