"""Embeddings: from raw columns to the first features of a level."""

import ngn_core.api as ngn
from ngn_plugins.embeddings.bessel import Bessel, BesselAngle
from ngn_plugins.embeddings.column import Column
from ngn_plugins.embeddings.element import Element
from ngn_plugins.embeddings.element_properties import ElementProperties
from ngn_plugins.embeddings.gaussian import Gaussian
from ngn_plugins.embeddings.harmonics import Harmonics
from ngn_plugins.embeddings.joined import Basis, Concat, Layers
from ngn_plugins.embeddings.periodic_table import PeriodicTable
from ngn_plugins.embeddings.spherical_bessel import SphericalBessel
from ngn_plugins.embeddings.state import Constant, Label, Number


@ngn.hookimpl
def ngn_register_embeddings() -> list[type]:
    """Return the embeddings of this folder."""
    return [
        Basis,
        Bessel,
        BesselAngle,
        Column,
        Concat,
        Constant,
        Element,
        ElementProperties,
        Gaussian,
        Harmonics,
        Label,
        Layers,
        Number,
        PeriodicTable,
        SphericalBessel,
    ]
