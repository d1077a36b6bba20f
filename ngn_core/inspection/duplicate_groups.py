"""Crystals of one formula or of one structure, and which folds part them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.duplicates import LARGEST
from ngn_core.dataset.grouping import Grouping
from ngn_core.experiment.facts import Duplicate


@dataclass(frozen=True)
class DuplicateGroup:
    """Duplicates: their formula, their ids, and their targets where there is one."""

    formula: str
    ids: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Duplicates:
    """Crystals of one formula, or of one structure.

    Attributes:
        duplicate: what they share.
        groups: of two or more, the largest first.
        pairs: duplicates, counted as pairs.
        across: those pairs of which one is tested on where the other is trained on.
    """

    duplicate: Duplicate
    groups: tuple[DuplicateGroup, ...]
    pairs: int
    across: int


def duplicate_groups(
    duplicate: Duplicate, numbers: np.ndarray, crystals: CrystalSet, formulas: Grouping
) -> Duplicates:
    """Return the duplicates among crystals.

    Args:
        duplicate: what they share.
        numbers: [n], equal for duplicates.
        crystals: with their folds.
        formulas: of the crystals.
    """
    members: dict[int, list[int]] = {}
    for place, number in enumerate(numbers.tolist()):
        members.setdefault(number, []).append(place)
    groups = sorted(
        (group for group in members.values() if len(group) > 1), key=len, reverse=True
    )
    target = crystals.target
    return Duplicates(
        duplicate,
        tuple(
            DuplicateGroup(
                formulas.labels[formulas.numbers[group[0]]],
                tuple(crystals.ids[place] for place in group),
                () if target is None else tuple(target.values[group].tolist()),
            )
            for group in groups
        ),
        sum(len(group) * (len(group) - 1) // 2 for group in groups),
        len(_across(groups, crystals)),
    )


def too_large(crystals: CrystalSet) -> list[str]:
    """Return a sentence on crystals too large to be compared as structures."""
    large = [
        name
        for name, crystal in zip(crystals.ids, crystals.crystals, strict=True)
        if len(crystal.species) > LARGEST
    ]
    if not large:
        return []
    return [
        f"Not compared with others as structures, for their cells have more than "
        f"{LARGEST} atoms: {', '.join(large)}"
    ]


def _across(
    groups: Sequence[Sequence[int]], crystals: CrystalSet
) -> set[tuple[int, int]]:
    """Return the pairs of duplicates that training and test part of a fold share."""
    pairs = set()
    for fold in range(crystals.n_folds):
        train, validation, test = map(set, crystals.parts(fold))
        seen = train | validation
        for group in groups:
            pairs |= {
                (min(a, b), max(a, b))
                for a in test.intersection(group)
                for b in seen.intersection(group)
            }
    return pairs
