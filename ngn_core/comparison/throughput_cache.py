"""Seconds of training, measured alone and kept, so that every call plans the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from statistics import median

from ngn_core.costs.isolated_timing import make_timed_specs, measure_in_turn
from ngn_core.errors import TrialError
from ngn_core.experiment.environment import environment
from ngn_core.experiment.hardware import hardware
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.trial import make_trial
from ngn_core.spec.spec import Spec

FOLDER = "rates"
"""Where in the folder of results the measured rates are."""

_TURNS = 3
"""Turns whose median is taken."""


def training_rate(spec: Spec, prepared: Prepared, run: Run) -> float:
    """Return the seconds to train a spec on a crystal once, validation and all.

    Measured as costs are, before any trial and with nothing of this call beside it, and
    kept beside the results: a later call plans with the same rate.

    Raises:
        TrialError: where what was kept cannot be read.
    """
    trial = make_trial(spec.with_epochs(1), prepared.crystals, 0, 0, run.registry)
    where = hardware(environment(run.device))
    key = hashlib.sha256(f"{trial.digest} {where}".encode()).hexdigest()
    file = run.store.runs / FOLDER / f"{key[:16]}.json"
    if file.exists():
        return _read(file)
    (subject,) = make_timed_specs([spec], prepared, run.registry)

    def tell(done: int) -> None:
        run.reporter.step(f"measuring {spec.name}", done, _TURNS + 1)

    measure_in_turn([subject], run.device, tell, _TURNS)
    if subject.failure is not None:
        raise TrialError(f"{spec.name}: {subject.failure}")
    train, validation, _ = trial.parts
    rate = median(turn.train for turn in subject.turns)
    rate += median(turn.infer for turn in subject.turns) * len(validation) / len(train)
    file.parent.mkdir(parents=True, exist_ok=True)
    plain = {"spec": spec.name, "seconds_per_crystal": rate, "hardware": where}
    file.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    return rate


def _read(file: Path) -> float:
    try:
        return float(json.loads(file.read_text())["seconds_per_crystal"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrialError(
            f"{file}: not a measured rate ({type(error).__name__}: {error}); expected "
            "what --budget seconds= wrote; remove the file to measure again"
        ) from error
