"""What a table says of a trial beyond its numbers: of its data and test crystals."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from ngn_core.dataset.crystal_set import Skipped
from ngn_core.dataset.dataset import Per, Transform
from ngn_core.errors import TrialError
from ngn_core.experiment.checksums import verify_checksums, with_checksums
from ngn_core.files import atomic_write

FACTS, CRYSTALS = "facts.json", "crystals.csv"
FORMAT = 1
Duplicate = Literal["formula", "structure"]
DUPLICATES: tuple[Duplicate, ...] = ("formula", "structure")
_COLUMNS = ["id", "formula", "space_group", "atoms", "official_id"]


@dataclass(frozen=True)
class TestedCrystal:
    """What is known of a crystal that a trial tested.

    Attributes:
        formula: reduced.
        space_group: its number; None where the symmetry was not found.
        atoms: sites of the cell as given.
        duplicates: mean target of its duplicates in the trial's training part, by what
            they share; None where it has none. What was not sought is not there.
        official: its id in the task of a benchmark, empty where it has none.
    """

    formula: str
    space_group: int | None
    atoms: int
    duplicates: Mapping[Duplicate, float | None] = field(default_factory=dict)
    official: str = ""


@dataclass(frozen=True)
class DatasetFacts:
    """What is known of a trial's dataset and of the crystals it tested.

    Attributes:
        data: digest of structures, target and folds, whatever a spec reads of them.
        crystals: how many there are.
        fold_source: official, or how they were made.
        held_out: how many more crystals no trial sees.
        per: what the target is counted by.
        transform: what is trained on in place of the target.
        benchmark: the published task that the target belongs to, None where to none.
        benchmark_rows: how many crystals the whole task has.
        skipped: rows that were left out.
        notes: sentences for its table.
        remark: why there are no structure duplicates, where they were not sought.
        tested: the trial's test crystals, by id.
    """

    data: str
    crystals: int
    fold_source: str
    held_out: int = 0
    per: Per | None = None
    transform: Transform = "none"
    benchmark: str | None = None
    benchmark_rows: int = 0
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    remark: str = ""
    tested: Mapping[str, TestedCrystal] = field(default_factory=dict, repr=False)


def write_facts(facts: DatasetFacts, folder: Path) -> None:
    """Write the facts into a trial's folder; `facts.json` last, each file whole."""
    rows = facts.tested.values()
    sought = [
        duplicate
        for duplicate in DUPLICATES
        if all(duplicate in row.duplicates for row in rows)
    ]
    with (
        atomic_write(folder / CRYSTALS) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            [*_COLUMNS, *(f"{duplicate}_duplicates" for duplicate in sought)]
        )
        for name, one in facts.tested.items():
            group = "" if one.space_group is None else one.space_group
            means = [one.duplicates[duplicate] for duplicate in sought]
            copied = ["" if mean is None else mean for mean in means]
            row = [name, one.formula, group, one.atoms, one.official]
            writer.writerow([*row, *copied])
    plain = asdict(facts)
    del plain["tested"]
    text = with_checksums({"format": FORMAT, **plain}, folder, (CRYSTALS,))
    with atomic_write(folder / FACTS) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def read_facts(folder: Path) -> DatasetFacts | None:
    """Return the facts in a trial's folder, None where there are none yet.

    Raises:
        TrialError: where they are damaged.
    """
    if not (folder / FACTS).exists():
        return None
    try:
        plain = verify_checksums((folder / FACTS).read_text(encoding="utf-8"), folder)
        if plain.pop("format") != FORMAT:
            raise ValueError(f"not of format {FORMAT}")
        skipped = tuple(Skipped(**row) for row in plain.pop("skipped"))
        notes = tuple(plain.pop("notes"))
        with (folder / CRYSTALS).open(newline="", encoding="utf-8") as file:
            tested = {row["id"]: _read(row) for row in csv.DictReader(file)}
        return DatasetFacts(**plain, skipped=skipped, notes=notes, tested=tested)
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        csv.Error,
    ) as error:
        raise TrialError(
            f"{folder}: the facts of its crystals are damaged "
            f"({type(error).__name__}: {error}); expected {FACTS} and {CRYSTALS} as "
            "ngn-compare wrote them; remove both, and the same comparison writes them "
            "again"
        ) from error


def _read(row: Mapping[str, str]) -> TestedCrystal:
    copied = {}
    for duplicate in DUPLICATES:
        mean = row.get(f"{duplicate}_duplicates")
        if mean is not None:
            copied[duplicate] = float(mean) if mean else None
    group = int(row["space_group"]) if row["space_group"] else None
    atoms, official = int(row["atoms"]), row["official_id"]
    return TestedCrystal(row["formula"], group, atoms, copied, official)
