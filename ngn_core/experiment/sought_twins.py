"""The twins that can leak between training and test parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.grouping import group_by
from ngn_core.dataset.twin_cache import cached_twins
from ngn_core.experiment.facts import Twin
from ngn_core.experiment.leakage import exposure


@dataclass(frozen=True, eq=False)
class SoughtTwins:
    """Numbers of crystals, [B], equal for twins, by what they share; a remark."""

    numbers: Mapping[Twin, np.ndarray]
    remark: str = ""


def seek_twins(
    crystals: CrystalSet,
    cache: Path | None,
    progress: Callable[[int, int], None],
    jobs: int,
) -> SoughtTwins:
    """Return formula twins, and the structure twins that matter to the folds.

    Structure twins have one formula: they are sought among the crystals whose formula
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
    exposed = {found.ids[place] for place in np.flatnonzero(found.has_twin)}
    leaking = formula[[name in exposed for name in crystals.ids]]
    places = np.flatnonzero(np.isin(formula, leaking))
    chosen = [crystals.crystals[place] for place in places]
    try:
        matched = cached_twins(chosen, cache, progress, jobs)
    except ModuleNotFoundError:
        remark = "Structure twins were not sought, for pymatgen is not installed."
        return SoughtTwins({"formula": formula}, remark)
    structure = len(places) + np.arange(len(crystals))  # nobody's twin
    structure[places] = matched
    return SoughtTwins({"formula": formula, "structure": structure})
