"""Graph constructors: which atoms are joined by an edge."""

from __future__ import annotations

import ngn_core.api as ngn
from ngn_plugins.graphs.jarvis import JarvisKNN
from ngn_plugins.graphs.knn import KNN
from ngn_plugins.graphs.neighbor_table import NeighborTable
from ngn_plugins.graphs.own_images import OwnImages
from ngn_plugins.graphs.radius import Radius
from ngn_plugins.graphs.union import Union
from ngn_plugins.graphs.voronoi import Voronoi


@ngn.hookimpl
def ngn_register_graph_constructors() -> list[type[ngn.GraphConstructor]]:
    """Return the constructors of this package."""
    return [Radius, KNN, Voronoi, OwnImages, Union, JarvisKNN, NeighborTable]
