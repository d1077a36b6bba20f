"""The protocol `equal`: one training for all specs, and a learning rate for each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ngn_core.comparison.inner import SHARE, Bench
from ngn_core.errors import NGNError, TrialError
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.protocol import Chosen
from ngn_core.experiment.result import Result
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import override_spec
from ngn_core.spec.spec import Spec

_ORIGIN = "--protocol equal"

_EQUAL = {
    "train.batch_size": "64",
    "train.batch_by": "crystals",
    "train.loss": "mae",
    "train.schedule": "{use: cosine}",
    "train.validation": str(SHARE),
    "train.patience": "null",
    "train.by_task": "null",
}
"""What is the same for all specs. What is not named stays each spec's own: optimizer,
clipping, averaging, dropout, initialization."""


def equalize(
    specs: Sequence[Spec], assignments: Sequence[str], registry: Registry
) -> list[Spec]:
    """Return the specs with one training; what `--set` says of it is said for all.

    Raises:
        NGNError: where `--set` says a learning rate, which is picked.
        SpecError: for an optimizer without a learning rate.
    """
    said = {assignment.partition("=")[0] for assignment in assignments}
    if "train.optimizer.lr" in said:
        raise NGNError(
            "--set train.optimizer.lr: --protocol equal picks it for each spec; "
            "expected --learning-rates with what it picks from"
        )
    own = {key for key in _EQUAL for one in said if f"{one}.".startswith(f"{key}.")}
    laid = [f"{key}={value}" for key, value in _EQUAL.items() if key not in own]
    equal = []
    for spec in specs:
        made = override_spec(spec, registry, laid, _ORIGIN)
        made.with_learning_rate(1.0)
        equal.append(replace(made, point=spec.point))
    return equal


def pick(
    spec: Spec,
    learning_rates: Sequence[float],
    prepared: Prepared,
    fold: int,
    budget: str | None,
    bench: Bench,
) -> tuple[Spec, Chosen]:
    """Return the spec with the learning rate that is best on a fold's inner rows.

    Raises:
        TrialError: where none of them gives a score.
    """
    found = [
        bench.score(spec.with_learning_rate(rate), prepared, fold, f"lr {rate:g}")
        for rate in learning_rates
    ]
    scores = [required(one) if isinstance(one, Result) else None for one in found]
    known = [score for score in scores if score is not None]
    if not known:
        reasons = "; ".join(
            f"{rate:g}: {'no score' if isinstance(one, Result) else one.reason}"
            for rate, one in zip(learning_rates, found, strict=True)
        )
        raise TrialError(f"no learning rate of the grid trains: {reasons}")
    best = learning_rates[scores.index(min(known))]
    seconds = sum(
        one.cost["train_seconds"] or 0.0 for one in found if isinstance(one, Result)
    )
    candidates = tuple(
        ({"lr": rate}, _shown(one))
        for rate, one in zip(learning_rates, found, strict=True)
    )
    chosen = Chosen("equal", budget, candidates, {"lr": best}, seconds)
    return spec.with_learning_rate(best), chosen


def required(result: Result) -> float | None:
    """Return the score that decides, turned so that lower is better; None for NaN."""
    score = result.scores[0]
    if math.isnan(score.value):
        return None
    return score.value if score.better == "lower" else -score.value


def _shown(found: object) -> float | None:
    if not isinstance(found, Result) or math.isnan(found.scores[0].value):
        return None
    return found.scores[0].value
