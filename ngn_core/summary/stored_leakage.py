"""The leakage table of results, from what is stored of their test crystals."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np

from ngn_core.dataset.crystal_set import TargetColumn
from ngn_core.experiment.facts import DUPLICATES, Duplicate
from ngn_core.experiment.leakage import Exposure, Leakage, leakage
from ngn_core.experiment.result import Result
from ngn_core.plugin.registry import Registry


def stored_leakage(
    results: Sequence[Result], target: TargetColumn, registry: Registry
) -> Leakage | None:
    """Return the leakage table; None where some fold's duplicates are not known."""
    predicted = [result for result in results if result.predictions]
    by_fold: dict[int, Result] = {}
    for result in predicted:
        if result.facts is not None:
            by_fold.setdefault(result.fold, result)
    if not by_fold or by_fold.keys() != {result.fold for result in predicted}:
        return None
    exposures: dict[Duplicate, Exposure] = {}
    for duplicate in DUPLICATES:
        found = _exposure(duplicate, [by_fold[fold] for fold in sorted(by_fold)])
        if found is not None:
            exposures[duplicate] = found
    if not exposures:
        return None
    facts = by_fold[min(by_fold)].facts
    assert facts is not None
    return leakage(exposures, target, predicted, registry, facts.remark)


def _exposure(duplicate: Duplicate, results: Sequence[Result]) -> Exposure | None:
    """Return which test crystals have duplicates, None where none were sought."""
    ids, folds, values, copied = [], [], [], []
    for result in results:
        assert result.facts is not None
        for name, value, _ in result.predictions:
            one = result.facts.tested.get(name)
            if one is None or duplicate not in one.duplicates:
                return None
            mean = one.duplicates[duplicate]
            ids.append(name)
            folds.append(result.fold)
            values.append(value)
            copied.append(nan if mean is None else mean)
    return Exposure(tuple(ids), np.array(folds), np.array(values), np.array(copied))
