"""What a score owes to duplicates: errors with and without a duplicate in training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from ngn_core.dataset.crystal_set import CrystalSet, TargetColumn
from ngn_core.experiment.facts import Duplicate
from ngn_core.experiment.result import Result, Score
from ngn_core.experiment.scoring import scores_of
from ngn_core.plugin.registry import Registry


@dataclass(frozen=True)
class Part:
    """Test crystals that have a duplicate in their fold's training part, or none.

    Attributes:
        duplicate: what duplicates share.
        has_duplicate: whether these crystals have one.
        crystals: how many, over all folds.
        scores: the deciding metric by spec; NaN where it is not defined.
        copying: the same metric of a baseline that predicts the mean of the duplicates'
            values; None where there are no duplicates.
    """

    duplicate: Duplicate
    has_duplicate: bool
    crystals: int
    scores: Mapping[str, float]
    copying: float | None


@dataclass(frozen=True)
class Leakage:
    """The leakage table of a dataset and its folds.

    Attributes:
        title: of the deciding metric.
        unit: of its values.
        better: lower or higher.
        tested: crystals of all test parts.
        parts: with and without a duplicate, by what duplicates share.
        remark: why there are no structure duplicates, where they were not sought.
    """

    title: str
    unit: str
    better: str
    tested: int
    parts: tuple[Part, ...]
    remark: str = ""

    @property
    def leaks(self) -> bool:
        """Return whether any test crystal has a duplicate in training."""
        return any(part.has_duplicate and part.crystals for part in self.parts)

    @property
    def specs(self) -> tuple[str, ...]:
        """Return the specs that are scored."""
        return tuple(self.parts[0].scores)


@dataclass(frozen=True, eq=False)
class Exposure:
    """What the training parts of some folds hold of the duplicates of test crystals.

    Attributes:
        ids: [T], crystals of the test parts.
        fold: [T], whose test part they are tested in.
        values: [T], their targets.
        copied: [T], mean target of a test crystal's duplicates among those of the
            fold that are trained or validated on, by atom where values are per cell;
            NaN where it has none.
    """

    ids: tuple[str, ...]
    fold: np.ndarray
    values: np.ndarray
    copied: np.ndarray

    @property
    def has_duplicate(self) -> np.ndarray:
        """Return which test crystals have a duplicate in training, [T]."""
        has_duplicate: np.ndarray = ~np.isnan(self.copied)
        return has_duplicate


def exposure(
    crystals: CrystalSet, numbers: np.ndarray, folds: Iterable[int]
) -> Exposure:
    """Return which test crystals have duplicates in the training part of their fold.

    Args:
        crystals: with a target and folds.
        numbers: [B], crystals with equal numbers are duplicates.
        folds: to look at.
    """
    assert crystals.target is not None
    atoms = _atoms(crystals)
    values = crystals.target.values / atoms
    size = int(numbers.max()) + 1
    places, tested_in, copied = [], [], []
    for fold in folds:
        train, validation, test = crystals.parts(fold)
        seen = np.concatenate([train, validation])
        count = np.bincount(numbers[seen], minlength=size)
        total = np.bincount(numbers[seen], weights=values[seen], minlength=size)
        with np.errstate(invalid="ignore"):
            mean = total / count  # 0 / 0 where nobody is a duplicate
        places.append(test)
        tested_in.append(np.full(len(test), fold))
        copied.append(mean[numbers[test]] * atoms[test])
    place = np.concatenate(places)
    return Exposure(
        tuple(crystals.ids[number] for number in place),
        np.concatenate(tested_in),
        crystals.target.values[place],
        np.concatenate(copied),
    )


def _atoms(crystals: CrystalSet) -> np.ndarray:
    """Return what values per cell are the sum over: duplicates' cells may differ."""
    target = crystals.target
    assert target is not None
    if target.task == "binary" or target.declared.per != "cell":
        return np.ones(len(crystals))
    return np.array([len(crystal.species) for crystal in crystals.crystals])


def leakage(
    exposures: Mapping[Duplicate, Exposure],
    target: TargetColumn,
    results: Sequence[Result],
    registry: Registry,
    remark: str = "",
) -> Leakage:
    """Return the leakage table.

    The deciding metric is computed once for each seed on the crystals of all folds
    together, and averaged over the seeds.

    Args:
        exposures: of the test crystals, by what duplicates share.
        target: how predictions are scored; its values are not looked at.
        results: of trials on these crystals.
        registry: for the deciding metric.
        remark: see `Leakage`.
    """
    specs = list(dict.fromkeys(result.spec for result in results))
    parts = []
    tested = 0
    for duplicate, found in exposures.items():
        tested = len(found.ids)
        for has_duplicate in (True, False):
            chosen = np.flatnonzero(found.has_duplicate == has_duplicate)
            values = {
                (int(found.fold[place]), found.ids[place]): float(found.values[place])
                for place in chosen
            }
            scores = {
                spec: _by_seed(spec, results, values, target, registry)
                for spec in specs
            }
            copying = None
            if has_duplicate and values:
                copying = _score(
                    found.copied[chosen], found.values[chosen], target, registry
                ).value
            parts.append(Part(duplicate, has_duplicate, len(values), scores, copying))
    decides = _score(np.ones(1), np.ones(1), target, registry)
    return Leakage(
        decides.title, decides.unit, decides.better, tested, tuple(parts), remark
    )


def _by_seed(
    spec: str,
    results: Sequence[Result],
    values: Mapping[tuple[int, str], float],
    target: TargetColumn,
    registry: Registry,
) -> float:
    """Return a spec's score on some test crystals, NaN where there are none."""
    by_seed: dict[int, list[tuple[float, float]]] = {}
    for result in results:
        if result.spec != spec:
            continue
        for name, _, prediction in result.predictions:
            value = values.get((result.fold, name))
            if value is not None:
                by_seed.setdefault(result.seed, []).append((prediction, value))
    if not by_seed:
        return float("nan")
    scores = []
    for rows in by_seed.values():
        predictions, targets = np.array(rows).T
        scores.append(_score(predictions, targets, target, registry).value)
    return fmean(scores)


def _score(
    predictions: np.ndarray,
    values: np.ndarray,
    target: TargetColumn,
    registry: Registry,
) -> Score:
    """Return the deciding score of predictions."""
    return scores_of(predictions, values, target, registry)[0]
