"""What workers left of trials."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.errors import NGNError, TrialError
from ngn_core.experiment.result import Result
from ngn_core.experiment.run import Failure
from ngn_core.experiment.store import Store
from ngn_core.experiment.trial import Trial


def collect_result(trial: Trial, store: Store) -> Result | Failure:
    """Return the result that a worker stored, or why it could not.

    Raises:
        TrialError: where it left neither.
    """
    found = store.find(trial.digest)
    if found is not None:
        return found
    reason = store.failure(trial.digest)
    if reason is None:
        raise TrialError("its worker left neither a result nor a reason")
    return Failure(trial, reason)


def collect_all(
    trials: Sequence[Trial], store: Store
) -> tuple[list[Result], list[Failure]]:
    """Return the results that workers stored, and what failed."""
    results: list[Result] = []
    failures: list[Failure] = []
    for trial in trials:
        try:
            found = collect_result(trial, store)
        except NGNError as error:
            found = Failure(trial, str(error))
        if isinstance(found, Result):
            results.append(found)
        else:
            failures.append(found)
    return results, failures
