"""A table of raw values whose columns say what they hold: every format renders it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.spread import Spread

Kind = Literal[
    "word",  # as it is, at the left; all others are numbers, at the right
    "verdict",  # a word that is good or bad
    "score",  # four significant digits, or mean ± standard deviation
    "quantity",  # three significant digits: seconds, MiB, edges a crystal
    "deviation",  # two significant digits
    "count",  # whole
    "share",  # 15%, of 0.15
    "change",  # +6.3 %, of 0.063
    "difference",  # with its sign, three significant digits
    "plain",  # as short as a person types it
    "decimal",  # one decimal
    "hundredths",  # two decimals: probabilities, mean ranks
    "length",  # four decimals, Å
    "p",  # of a test
    "power",  # 1.2e-08: how far two computations are apart
    "fewer",  # 2.50 x
    "duration",  # 3 h 20 min, of seconds
    "memory",  # 2.1 GiB, of MiB
]
"""What a column holds; formats know how each is written."""

Place = Literal["terminal", "page", "appendix", "document", "data"]
"""Where a table stands: on the terminal, in HTML before or after the figures, in
Markdown and LaTeX, in CSV and JSON."""

FILES: frozenset[Place] = frozenset({"page", "document", "data"})
EVERYWHERE: frozenset[Place] = FILES | {"terminal"}


@dataclass(frozen=True)
class TableColumn:
    """What is over a column and in it.

    Attributes:
        name: in CSV and JSON.
        title: over it.
        unit: of its values, or nothing.
        kind: of its values.
        priority: columns of a priority above 0 are left out where a terminal is too
            narrow, the largest first.
        shown: whether people see it; if not, it is in CSV and JSON alone.
    """

    name: str
    title: str
    unit: str = ""
    kind: Kind = "word"
    priority: int = 0
    shown: bool = True

    @property
    def is_word(self) -> bool:
        """Return whether it stands at the left."""
        return self.kind in ("word", "verdict")

    @property
    def heading(self) -> str:
        """Return the title with the unit."""
        return f"{self.title} [{self.unit}]" if self.unit else self.title


def data_column(name: str, unit: str = "") -> TableColumn:
    """Return a column that is in CSV and JSON alone."""
    return TableColumn(name, name.replace("_", " "), unit, shown=False)


Value: TypeAlias = str | bool | int | float | Spread | Interval | None
"""None is what is not known, or not defined."""


@dataclass(frozen=True)
class Marked:
    """A value that stands out, or does not, from the others of its column.

    Attributes:
        value: as in any other cell.
        sign: `*` where it is good, `!` where it is bad, or nothing.
    """

    value: Value
    sign: Literal["", "*", "!"] = ""


Cell: TypeAlias = Value | Marked
Row: TypeAlias = tuple[Cell, ...]


@dataclass(frozen=True)
class TypedTable:
    """A table of raw values.

    Attributes:
        name: short, of its file and in JSON.
        title: over it, or nothing.
        columns: what each holds.
        groups: of rows that belong together; each row has a cell a column.
        note: sentences under it, or nothing.
        marked: first cells of the rows that stand out.
        facts: what is true of the whole table, for JSON.
        places: where it stands.
    """

    name: str
    title: str
    columns: tuple[TableColumn, ...]
    groups: tuple[tuple[Row, ...], ...]
    note: str = ""
    marked: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)
    places: frozenset[Place] = EVERYWHERE

    @property
    def rows(self) -> Iterator[Row]:
        """Return all rows."""
        return (row for group in self.groups for row in group)

    def by_name(self, row: Row) -> dict[str, Cell]:
        """Return the cells of a row by the names of their columns."""
        names = (column.name for column in self.columns)
        return dict(zip(names, row, strict=True))

    def selected(self, places: list[int]) -> TypedTable:
        """Return the table with some of its columns, in this order."""
        return TypedTable(
            self.name,
            self.title,
            tuple(self.columns[place] for place in places),
            tuple(
                tuple(tuple(row[place] for place in places) for row in group)
                for group in self.groups
            ),
            self.note,
            self.marked,
            self.facts,
            self.places,
        )

    def seen(self) -> TypedTable:
        """Return the table with the columns that people see."""
        places = [n for n, column in enumerate(self.columns) if column.shown]
        return self if len(places) == len(self.columns) else self.selected(places)
