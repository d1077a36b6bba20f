"""Sentences under a table that follow from its results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ngn_core.experiment.hardware import hardware
from ngn_core.experiment.result import Result

if TYPE_CHECKING:
    from ngn_core.experiment.run import Failure


def table_notes(results: Sequence[Result], failures: Sequence[Failure]) -> list[str]:
    """Return what is to be said of measured results.

    Args:
        results: of one table, sorted.
        failures: trials that failed, which are told elsewhere.
    """
    facts = [result.facts for result in results if result.facts is not None]
    notes = list(dict.fromkeys(note for one in facts for note in one.notes))
    notes += _without_facts(len(results) - len(facts))
    notes += _missing(results, failures)
    known = [dict(result.environment) for result in results if result.environment]
    places = sorted({hardware(environment) for environment in known})
    return [*notes, f"Trained on {'; '.join(places)}."] if places else notes


def _without_facts(count: int) -> list[str]:
    if not count:
        return []
    trials = "1 trial has" if count == 1 else f"{count} trials have"
    return [
        f"{trials} no formulas, groups and duplicates of test crystals beside them "
        "yet; the same ngn-compare without --trials-only adds them."
    ]


def _missing(results: Sequence[Result], failures: Sequence[Failure]) -> list[str]:
    """Return sentences on folds that a spec has no result of."""
    failed = {(one.trial.spec.name, one.trial.fold, one.trial.seed) for one in failures}
    cells: dict[str, set[tuple[int, int]]] = {}
    for result in results:
        cells.setdefault(result.spec, set()).add((result.fold, result.seed))
    sentences = []
    for spec, found in cells.items():
        for seed in sorted({seed for _, seed in found}):
            lacking = [
                str(fold)
                for fold in range(results[0].n_folds)
                if (fold, seed) not in found and (spec, fold, seed) not in failed
            ]
            if lacking:
                sentences.append(
                    f"{spec}, seed {seed}: no result of fold {', '.join(lacking)}; its "
                    "mean is over the others."
                )
    return sentences
