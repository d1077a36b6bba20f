"""The interface of embeddings: raw columns to the first features of a level."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from torch import nn

from ngn_core.plugin import options

if TYPE_CHECKING:
    from ngn_core.network.level_batch import LevelBatch


class Embedded(NamedTuple):
    """Features and basis of one level; either may be None or a NamedTuple."""

    features: Any
    basis: Any


@dataclass(frozen=True)
class Widths:
    """Widths of a level's features and basis, None where there is none.

    Where the basis is a NamedTuple of tensors, its width is one of widths.
    """

    features: int | None
    basis: Any


class Embedding(nn.Module):
    """Gives one level its first features and its basis.

    Attributes:
        needs: columns that it reads, without the level: `length`; set in `__init__`.
        width: width of the features, None where it gives none.
        basis_width: width of the basis, None where it gives none, a NamedTuple of
            widths where the basis is a NamedTuple.
        cutoff: length of an edge from which on it gives 0, Å; None: there is none.
    """

    name: ClassVar[str]
    Options: ClassVar[type[options.Options]] = options.Options

    def __init__(self, options: Any, below: Widths | None) -> None:
        super().__init__()
        self.options = options
        self.needs: frozenset[str] = frozenset()
        self.width: int | None = None
        self.cutoff: float | None = None
        self.basis_width: Any = None

    @abstractmethod
    def forward(self, rows: LevelBatch, below: Embedded | None) -> Embedded:
        """Return features and basis of the rows, [n, width] and [n, basis_width].

        Args:
            rows: the level's rows; `rows.sender(x)` gathers from the level below.
            below: features and basis of the level below, None for nodes.
        """
