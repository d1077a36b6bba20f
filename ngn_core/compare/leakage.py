"""What a score owes to twins: errors with and without a twin in training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

import numpy as np
import torch

from ngn_core.compare.result import Result, Score
from ngn_core.compare.scoring import scores_of
from ngn_core.data.crystal_set import CrystalSet
from ngn_core.plugin.registry import Registry

Twin = Literal["formula", "structure"]


@dataclass(frozen=True)
class Part:
    """Test crystals that have a twin in the training part of their fold, or have none.

    Attributes:
        twin: what twins share.
        has_twin: whether these crystals have one.
        crystals: how many, over all folds.
        scores: the deciding metric by spec; NaN where it is not defined.
        copying: the same metric of a baseline that predicts the mean of the twins'
            values; None where there are no twins.
    """

    twin: Twin
    has_twin: bool
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
        parts: with and without a twin, by what twins share.
        remark: why there are no structure twins, where they were not sought.
    """

    title: str
    unit: str
    better: str
    tested: int
    parts: tuple[Part, ...]
    remark: str = ""

    @property
    def leaks(self) -> bool:
        """Return whether any test crystal has a twin in training."""
        return any(part.has_twin and part.crystals for part in self.parts)

    @property
    def specs(self) -> tuple[str, ...]:
        """Return the specs that are scored."""
        return tuple(self.parts[0].scores)


@dataclass(frozen=True, eq=False)
class Exposure:
    """What the training parts of some folds hold of the twins of test crystals.

    Attributes:
        place: [T], crystals of the test parts.
        fold: [T], whose test part they are tested in.
        copied: [T], mean target of a test crystal's twins among the crystals of the
            fold that are trained or validated on, by atom where values are per cell;
            NaN where it has none.
    """

    place: np.ndarray
    fold: np.ndarray
    copied: np.ndarray

    @property
    def has_twin(self) -> np.ndarray:
        """Return which test crystals have a twin in training, [T]."""
        has_twin: np.ndarray = ~np.isnan(self.copied)
        return has_twin


def exposure(
    crystals: CrystalSet, numbers: np.ndarray, folds: Iterable[int]
) -> Exposure:
    """Return which test crystals have twins in the training part of their fold.

    Args:
        crystals: with a target and folds.
        numbers: [B], crystals with equal numbers are twins.
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
            mean = total / count  # 0 / 0 where nobody is a twin
        places.append(test)
        tested_in.append(np.full(len(test), fold))
        copied.append(mean[numbers[test]] * atoms[test])
    return Exposure(
        np.concatenate(places), np.concatenate(tested_in), np.concatenate(copied)
    )


def _atoms(crystals: CrystalSet) -> np.ndarray:
    """Return what values per cell are the sum over: a twin may have another cell."""
    target = crystals.target
    assert target is not None
    if target.task == "binary" or target.declared.per != "cell":
        return np.ones(len(crystals))
    return np.array([len(crystal.species) for crystal in crystals.crystals])


def leakage(
    crystals: CrystalSet,
    twins: Mapping[Twin, np.ndarray],
    results: Sequence[Result],
    registry: Registry,
    remark: str = "",
) -> Leakage:
    """Return the leakage table.

    The deciding metric is computed once for each seed on the crystals of all folds
    together, and averaged over the seeds.

    Args:
        crystals: with a target and folds.
        twins: numbers of the crystals, [B], equal for twins, by what they share.
        results: of trials on these crystals; their folds are looked at, all folds where
            there are none.
        registry: for the deciding metric.
        remark: see `Leakage`.
    """
    folds = sorted({result.fold for result in results}) or range(crystals.n_folds)
    number = {name: place for place, name in enumerate(crystals.ids)}
    specs = list(dict.fromkeys(result.spec for result in results))
    parts = []
    tested = 0
    for twin, numbers in twins.items():
        found = exposure(crystals, numbers, folds)
        tested = len(found.place)
        for has_twin in (True, False):
            chosen = found.has_twin == has_twin
            members = set(
                zip(
                    found.fold[chosen].tolist(),
                    found.place[chosen].tolist(),
                    strict=True,
                )
            )
            scores = {
                spec: _by_seed(spec, results, members, number, crystals, registry)
                for spec in specs
            }
            copying = None
            if has_twin and members:
                copying = _score(
                    found.copied[chosen], found.place[chosen], crystals, registry
                ).value
            parts.append(Part(twin, has_twin, len(members), scores, copying))
    decides = _score(np.zeros(1), np.zeros(1, dtype=np.int64), crystals, registry)
    return Leakage(
        decides.title, decides.unit, decides.better, tested, tuple(parts), remark
    )


def _by_seed(
    spec: str,
    results: Sequence[Result],
    members: set[tuple[int, int]],
    number: Mapping[str, int],
    crystals: CrystalSet,
    registry: Registry,
) -> float:
    """Return a spec's score on some test crystals, NaN where there are none."""
    by_seed: dict[int, list[tuple[int, float]]] = {}
    for result in results:
        if result.spec != spec:
            continue
        for name, _, prediction in result.predictions:
            if (result.fold, number[name]) in members:
                by_seed.setdefault(result.seed, []).append((number[name], prediction))
    if not by_seed:
        return float("nan")
    scores = []
    for rows in by_seed.values():
        places, predictions = zip(*rows, strict=True)
        score = _score(np.array(predictions), np.array(places), crystals, registry)
        scores.append(score.value)
    return fmean(scores)


def _score(
    predictions: np.ndarray,
    places: np.ndarray,
    crystals: CrystalSet,
    registry: Registry,
) -> Score:
    """Return the deciding score of predictions for crystals at some places."""
    assert crystals.target is not None
    values = torch.from_numpy(crystals.target.values[places])
    return scores_of(torch.from_numpy(predictions), values, crystals.target, registry)[
        0
    ]
