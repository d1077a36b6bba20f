"""What a trial was trained by, as its result keeps it."""

from __future__ import annotations

import hashlib
import math
from typing import Any

from ngn_core.experiment.protocol import OWN
from ngn_core.experiment.trial import Trial
from ngn_core.spec.spec import Spec


def training_record(trial: Trial, rounded: bool) -> dict[str, Any]:
    """Return protocol, rows, loss, steps and learning rate of a trial as plain data.

    `steps` are the planned ones; `saw_labels` says that the spec was tuned on
    crystals that are tested on here.

    Args:
        trial: that was trained.
        rounded: whether factors of its matrix products were, as `precision` asks for.
    """
    train, inner, test = trial.parts
    rows = {"train": len(train), "inner": len(inner), "test": len(test)}
    chosen = trial.chosen
    protocol = {
        "protocol": OWN if chosen is None else chosen.protocol,
        "budget": None if chosen is None else chosen.budget,
        "rows": rows,
    }
    if not isinstance(trial.spec, Spec):
        return protocol
    options = trial.options
    return {
        **protocol,
        "loss": options.loss.name,
        "batch_size": options.batch_size,
        "epochs": options.epochs,
        "steps": options.epochs * math.ceil(len(train) / options.batch_size),
        "optimizer": options.optimizer.name,
        "lr": getattr(options.optimizer.options, "lr", None),
        "schedule": None if options.schedule is None else options.schedule.name,
        "precision": options.precision,
        "rounded": rounded,
        "choice": None if chosen is None else chosen.plain(),
        "saw_labels": saw_labels(trial.spec, trial),
    }


def saw_labels(spec: Spec, trial: Trial) -> bool:
    """Return whether a spec was tuned on labels of what is tested on.

    It was not where exactly these crystals were the test part of the fold that it was
    tuned in. Other crystals of the same dataset count as seen.
    """
    tuned = spec.tuned
    if tuned is None:
        return False
    here = (trial.crystals.name, trial.target.name)
    return here == (tuned.dataset, tuned.target) and tested(trial) != tuned.tested


def tested(trial: Trial) -> str:
    """Return the sha256 of the ids that a trial is tested on."""
    ids = sorted(trial.crystals.ids[place] for place in trial.parts[2])
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()
