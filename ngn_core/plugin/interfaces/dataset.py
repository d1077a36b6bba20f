"""The interface of datasets: rows of crystals with their columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from ngn_core.crystal.crystal import Crystal


@dataclass(frozen=True)
class Target:
    """A column that can be predicted.

    Attributes:
        unit: its unit as printed beside every number, `?` where nobody says.
        task: `regression`, or `binary` for 0/1 and false/true; None: as the values say.
        folds: column with the number of the fold in whose test part a row lies.
    """

    unit: str = "?"
    task: Literal["regression", "binary"] | None = None
    folds: str | None = None


@dataclass(frozen=True)
class Row:
    """One row of a dataset, its crystal not yet read.

    Attributes:
        id: unique in the dataset.
        where: file and row, for messages.
        crystal: reads the crystal; raises StructureError with a sentence.
        columns: everything else the row holds.
    """

    id: str
    where: str
    crystal: Callable[[], Crystal]
    columns: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A dataset as it was found.

    Attributes:
        name: short name, printed over every table.
        rows: in the order of the source.
        targets: declared targets; other numeric columns may be asked for as well.
        note: a sentence that every report repeats (model data, part of a task ...).
        default: the target where the user names none; None: they must, unless one
            alone is declared.
    """

    name: str
    rows: Sequence[Row]
    targets: Mapping[str, Target]
    note: str | None = None
    default: str | None = None


class Dataset(ABC):
    """Opens a source (a name, a folder, a file) as a table of crystals."""

    name: ClassVar[str]
    description: ClassVar[str]

    @classmethod
    @abstractmethod
    def opens(cls, source: str) -> bool:
        """Return whether this class can open what `--dataset` names."""

    @abstractmethod
    def load(self, source: str) -> Table:
        """Return the table; crystals are read later, row by row.

        Raises:
            DatasetError: where the source is missing, empty or not in this format.
        """
