"""The crystals that a trial trained or validated on, kept beside its weights."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ngn_core.crystal.formula import formula
from ngn_core.crystal.spacing import Spacing, measure_spacing
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.errors import TrialError

SEEN = "seen.csv"
_COLUMNS = ["id", "formula", "volume_per_atom", "shortest_bond"]


@dataclass(frozen=True)
class TrainingCrystal:
    """What is kept of a crystal: its reduced formula, and how much room its atoms have.

    Its structure is not kept.
    """

    formula: str
    spacing: Spacing


TrainingCrystals = Mapping[str, TrainingCrystal]
"""Crystals by id."""


def write_training_crystals(
    crystals: CrystalSet, parts: Sequence[np.ndarray], folder: Path
) -> None:
    """Write the crystals at some places of a set into a trial's folder.

    Args:
        crystals: the set.
        parts: places of those that are trained and validated on.
        folder: of the trial.
    """
    known = _known(crystals)
    with (folder / SEEN).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for place in np.sort(np.concatenate(list(parts))).tolist():
            one = known[place]
            room = one.spacing
            row = (crystals.ids[place], one.formula, room.volume, room.bond)
            writer.writerow(row)


@lru_cache(maxsize=1)
def _known(crystals: CrystalSet) -> tuple[TrainingCrystal, ...]:
    """Return what is kept of every crystal of a set; its trials share it."""
    return tuple(
        TrainingCrystal(formula(crystal.species), measure_spacing(crystal))
        for crystal in crystals.crystals
    )


def read_training_crystals(folder: Path) -> TrainingCrystals | None:
    """Return what the trial in a folder saw; None where it was not kept.

    Raises:
        TrialError: where the file is damaged.
    """
    if not (folder / SEEN).exists():
        return None
    try:
        with (folder / SEEN).open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            return {
                row["id"]: TrainingCrystal(
                    row["formula"],
                    Spacing(float(row["volume_per_atom"]), float(row["shortest_bond"])),
                )
                for row in rows
            }
    except (OSError, ValueError, TypeError, KeyError, csv.Error) as error:
        raise TrialError(
            f"{folder / SEEN}: damaged ({type(error).__name__}: {error}); expected "
            f"the columns {', '.join(_COLUMNS)} as ngn-compare wrote them; remove the "
            "file, and nothing is said of what the trial saw"
        ) from error


def digest_of(ids: Sequence[str]) -> str:
    """Return the sha256 of ids, whatever their order."""
    digest = hashlib.sha256()
    for name in sorted(ids):
        digest.update(name.encode() + b"\n")
    return digest.hexdigest()
