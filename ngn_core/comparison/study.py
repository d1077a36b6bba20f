"""A study: which values of a space are best on the inner rows of a fold."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngn_core.comparison.space import Dimension
from ngn_core.errors import NGNError, TrialError
from ngn_core.spec.plain_yaml import show
from ngn_core.training.callbacks import Pruner

if TYPE_CHECKING:
    import optuna

_STARTUP = 5
"""Trials before the first is given up early."""


@dataclass(frozen=True)
class Tried:
    """One trial of a study.

    Attributes:
        values: by key.
        score: lower is better; None where it was given up or failed.
        seconds: it took.
    """

    values: Mapping[str, Any]
    score: float | None
    seconds: float


@dataclass(frozen=True)
class Measured:
    """What a trial of a study gave.

    Attributes:
        score: lower is better; None where it failed.
        curve: validation loss after each epoch, the first one first.
        seconds: of training; None where only the clock knows.
    """

    score: float | None
    curve: Sequence[float] = ()
    seconds: float | None = None


Objective = Callable[[Mapping[str, Any], Pruner], Measured]
"""Takes values and a pruner, that is told validation losses and raises to give up."""


def run_study(
    file: Path,
    space: Sequence[Dimension],
    trials: int,
    objective: Objective,
    first: Mapping[str, Any] | None = None,
    least_epochs: int = 0,
) -> list[Tried]:
    """Return so many trials of a study, those in its file not run again.

    The sampler is Optuna's TPE, seeded anew by the number of each trial, so that a
    study that was interrupted goes on as if it had not been; the pruner gives up what
    is worse than the median of those before at the same epoch.

    Args:
        file: Optuna's journal of this study.
        space: what is searched.
        trials: how many there are to be, those before included.
        objective: runs one.
        first: values of the first trial, where they are in the space.
        least_epochs: that every trial has before it may be given up.

    Raises:
        NGNError: without Optuna.
    """
    optuna = _optuna()
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
    from optuna.trial import TrialState

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = JournalFileOpenLock(str(file))
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(file), lock)),
        study_name=file.stem,
        direction="minimize",
        pruner=optuna.pruners.MedianPruner(_STARTUP, least_epochs),
        load_if_exists=True,
    )
    for left in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(left.number, state=TrialState.FAIL)
    told = _told(study)
    while len(told) < trials:
        study.sampler = optuna.samplers.TPESampler(seed=len(told))
        if not told and first is not None:
            study.enqueue_trial(
                {one.key: _written(one, first[one.key]) for one in space}
            )
        trial = study.ask()
        values = {one.key: _suggested(trial, one) for one in space}
        _run(study, trial, values, objective)
        told = _told(study)
    return told[:trials]


def _run(
    study: optuna.Study,
    trial: optuna.Trial,
    values: Mapping[str, Any],
    objective: Objective,
) -> None:
    """Run one trial and tell the study; what was given up is told as such."""
    from optuna.trial import TrialState

    trial.set_user_attr("values", dict(values))
    begun = time.perf_counter()
    given_up = False
    reported = 0

    def pruner(epoch: int, loss: float) -> None:
        nonlocal given_up, reported
        trial.report(loss, epoch)
        reported = epoch
        if trial.should_prune():
            given_up = True
            raise TrialError(f"given up after epoch {epoch}: {loss:.4g} so far")

    measured = objective(values, pruner)
    seconds = measured.seconds or time.perf_counter() - begun
    trial.set_user_attr("seconds", seconds)
    for epoch, loss in enumerate(measured.curve, start=1):
        if epoch > reported:
            trial.report(loss, epoch)
    if given_up:
        study.tell(trial, state=TrialState.PRUNED)
    elif measured.score is None:
        trial.set_user_attr("failed", True)
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, measured.score)


def _told(study: optuna.Study) -> list[Tried]:
    """Return the finished trials; those that an interruption left are not."""
    from optuna.trial import TrialState

    found = []
    for trial in study.get_trials(deepcopy=False):
        values = trial.user_attrs.get("values", {})
        seconds = trial.user_attrs.get("seconds", 0.0)
        if trial.state == TrialState.COMPLETE:
            found.append(Tried(values, trial.value, seconds))
        elif trial.state == TrialState.PRUNED or trial.user_attrs.get("failed"):
            found.append(Tried(values, None, seconds))
    return found


def _suggested(trial: optuna.Trial, dimension: Dimension) -> Any:
    """Return the value that a trial is given at a key."""
    if dimension.choices:
        by_text = {show(choice): choice for choice in dimension.choices}
        return by_text[trial.suggest_categorical(dimension.key, list(by_text))]
    low, high = dimension.low, dimension.high
    if isinstance(low, int) and isinstance(high, int):
        return trial.suggest_int(dimension.key, low, high, log=dimension.log)
    return trial.suggest_float(dimension.key, low, high, log=dimension.log)


def _written(dimension: Dimension, value: Any) -> Any:
    """Return a value as the study stores it."""
    return show(value) if dimension.choices else value


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise NGNError(
            'tuning needs Optuna, which is not installed: pip install "ngn[tune]"'
        ) from error
    return optuna
