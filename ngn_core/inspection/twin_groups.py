"""Crystals of one formula or of one structure, and which folds part them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.grouping import Grouping
from ngn_core.dataset.twins import LARGEST
from ngn_core.experiment.facts import Twin


@dataclass(frozen=True)
class TwinGroup:
    """Twins: their formula, their ids, and their targets where there is one."""

    formula: str
    ids: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Twins:
    """Crystals of one formula, or of one structure.

    Attributes:
        twin: what they share.
        groups: of two or more, the largest first.
        pairs: twins, counted as pairs.
        across: those pairs of which one is tested on where the other is trained on.
    """

    twin: Twin
    groups: tuple[TwinGroup, ...]
    pairs: int
    across: int


def twin_groups(
    twin: Twin, numbers: np.ndarray, crystals: CrystalSet, formulas: Grouping
) -> Twins:
    """Return the twins among crystals.

    Args:
        twin: what they share.
        numbers: [n], equal for twins.
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
    return Twins(
        twin,
        tuple(
            TwinGroup(
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
    """Return the pairs of twins that training and test part of a fold share."""
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
