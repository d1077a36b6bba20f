"""The interface of graph constructors: which atoms are joined by an edge."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ngn_core.plugin import options

if TYPE_CHECKING:
    from ngn_core.crystal.crystal import Crystal


@dataclass(frozen=True)
class Edges:
    """Directed edges of a periodic multigraph.

    The vector of an edge is `(frac[sender] + cell_shift - frac[receiver]) @ lattice`.

    Attributes:
        sender: [E], atom whose periodic image sends.
        receiver: [E], atom in the home cell.
        cell_shift: [E, 3], integer translation of the sender.
        columns: what else the constructor knows of its edges, each [E, ...]. A `length`
            that is not NaN is no distance: it takes its place, and there is no vector.
    """

    sender: np.ndarray
    receiver: np.ndarray
    cell_shift: np.ndarray
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)


class GraphConstructor(ABC):
    """Draws the edges of a crystal; every receiver's own neighbor list is complete."""

    name: ClassVar[str]
    gives: ClassVar[Mapping[str, str]] = {}
    """Edge columns it gives besides length and vector, with their units."""

    literal: bool = False
    """Whether it follows a reference to the letter, and cannot be closed."""

    longest: float | None = None
    """No edge is longer, Å; None: there is no such length. Set in `__init__`."""

    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any) -> None:
        self.options = options

    @abstractmethod
    def edges(self, crystal: Crystal) -> Edges:
        """Return the edges of a crystal.

        Raises:
            StructureError: where an atom has no neighbor under this rule.
        """
