"""The duplicates that can leak between training and test parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.duplicate_cache import cached_duplicates
from ngn_core.dataset.grouping import group_by
from ngn_core.experiment.facts import Duplicate
from ngn_core.experiment.leakage import exposure


@dataclass(frozen=True, eq=False)
class SoughtDuplicates:
    """Numbers of crystals, [B], equal for duplicates, by what they share; a remark."""

    numbers: Mapping[Duplicate, np.ndarray]
    remark: str = ""


def seek_duplicates(
    crystals: CrystalSet,
    cache: Path | None,
    progress: Callable[[int, int], None],
    jobs: int,
) -> SoughtDuplicates:
    """Return formula duplicates, and the structure duplicates that matter to the folds.

    Structure duplicates have one formula: they are sought among crystals whose formula
    stands in training and test part of a fold. Where folds are grouped by formula there
    are none, and nothing is matched.

    Args:
        crystals: with a target and folds.
        cache: folder of cached graphs, or None.
        progress: is told how many crystals are matched, of how many.
        jobs: processes.
    """
    formula = group_by("formula", crystals.ids, crystals.crystals).numbers
    found = exposure(crystals, formula, range(crystals.n_folds))
    exposed = {found.ids[place] for place in np.flatnonzero(found.has_duplicate)}
    leaking = formula[[name in exposed for name in crystals.ids]]
    places = np.flatnonzero(np.isin(formula, leaking))
    chosen = [crystals.crystals[place] for place in places]
    try:
        matched = cached_duplicates(chosen, cache, progress, jobs)
    except ModuleNotFoundError:
        remark = "Structure duplicates were not sought, for pymatgen is not installed."
        return SoughtDuplicates({"formula": formula}, remark)
    structure = len(places) + np.arange(len(crystals))  # nobody's duplicate
    structure[places] = matched
    return SoughtDuplicates({"formula": formula, "structure": structure})
