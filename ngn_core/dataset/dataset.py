"""The interface of datasets: rows of crystals with their columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from ngn_core.crystal.crystal import Crystal


Per = Literal["atom", "cell", "formula_unit", "none"]
Transform = Literal["none", "log10", "log1p", "asinh"]


@dataclass(frozen=True)
class Benchmark:
    """A task of a published benchmark, to which the values of a target belong.

    Attributes:
        name: of the task, `matbench_jdft2d`.
        rows: how many crystals the whole task has.
        folds: column with its official folds.
        id: column with the task's ids; None: they are the ids of the rows.
    """

    name: str
    rows: int
    folds: str
    id: str | None = None

    def id_of(self, row: Row) -> str:
        """Return the task's id of a row."""
        return row.id if self.id is None else str(row.columns[self.id])


@dataclass(frozen=True)
class Target:
    """A column that can be predicted.

    Attributes:
        unit: its unit as printed beside every number, `?` where nobody says.
        task: `regression`, or `binary` for 0/1 and false/true; None: as the values say.
        folds: column with the number of the fold in whose test part a row lies.
        column: the column that holds it; None: the one that is called as the target.
        per: what the values are counted by; values per `cell`, the cell as given, grow
            with it. None where nobody says.
        positive: the value of the column that counts as 1, all others as 0; binary
            alone.
        transform: what is trained on in place of the values.
        reference: `composition`: what is linear in the composition of the training
            part is taken off before training, and added again.
        benchmark: the published task that its values belong to, None where to none.
    """

    unit: str = "?"
    task: Literal["regression", "binary"] | None = None
    folds: str | None = None
    column: str | None = None
    per: Per | None = None
    positive: str | float | bool | None = None
    transform: Transform = "none"
    reference: Literal["none", "composition"] = "none"
    benchmark: Benchmark | None = None

    @property
    def extensive(self) -> bool:
        """Return whether what is trained on grows with the cell as given.

        A transformed target does not: it is trained by atom.
        """
        return self.per == "cell" and self.transform == "none"


@dataclass(frozen=True)
class SiteColumn:
    """A column of the sites, with one number or several numbers a site.

    Attributes:
        unit: its unit, `?` where nobody says.
        directional: whether its numbers turn with the crystal, as those of a vector do.
    """

    unit: str = "?"
    directional: bool = False


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
class DatasetTable:
    """A dataset as it was found.

    Attributes:
        name: short name, printed over every table.
        rows: in the order of the source.
        targets: declared targets; other numeric columns may be asked for as well.
        note: a sentence that every report repeats (model data, part of a task ...).
        default: the target where the user names none; None: they must, unless one
            alone is declared.
        group: column whose rows of one value are never parted by a fold, or a grouping
            such as `formula`.
        sites: columns of the sites of its crystals, by name.
        folds: column with the official folds, by column that is not among `targets`
            but may become one: of labels, say, one of which counts as 1.
        clean: conditions as `where:` has them, for rows that are surely those of a
            benchmark's task; others are left out unless `--all-rows` takes them.
    """

    name: str
    rows: Sequence[Row] = field(repr=False)
    targets: Mapping[str, Target]
    note: str | None = None
    default: str | None = None
    group: str | None = None
    sites: Mapping[str, SiteColumn] = field(default_factory=dict)
    folds: Mapping[str, str] = field(default_factory=dict)
    clean: Mapping[str, Any] = field(default_factory=dict)

    def target(self, name: str) -> Target:
        """Return what is said of a target; of any other column, its folds alone."""
        return self.targets.get(name) or Target(folds=self.folds.get(name))


class Dataset(ABC):
    """Opens a source (a name, a folder, a file) as a table of crystals."""

    name: ClassVar[str]
    description: ClassVar[str]

    @classmethod
    @abstractmethod
    def opens(cls, source: str) -> bool:
        """Return whether this class can open what `--dataset` names."""

    @abstractmethod
    def load(self, source: str) -> DatasetTable:
        """Return the table; crystals are read later, row by row.

        Raises:
            DatasetError: where the source is missing, empty or not in this format.
        """

    def stream(self, source: str) -> Iterator[Row]:
        """Yield the rows one by one; override it where a file is larger than memory.

        Raises:
            DatasetError: as `load`, at the latest where the source is bad.
        """
        yield from self.load(source).rows
