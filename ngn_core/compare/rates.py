"""Seconds of training, measured alone and kept, so that every call plans the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import torch

from ngn_core.compare.environment import environment, hardware
from ngn_core.compare.prepare import Prepared
from ngn_core.compare.trial import make_trial
from ngn_core.compare.watch import Watch
from ngn_core.errors import TrialError
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec
from ngn_core.training.trial import train_trial

FOLDER = "rates"
"""Where in the folder of results the measured rates are."""

_CRYSTALS = 1024
"""Crystals that are enough to measure on."""

_EPOCHS = 4
"""The first warms up; the median of the others counts."""


def training_rate(
    spec: Spec,
    prepared: Prepared,
    registry: Registry,
    device: torch.device,
    runs: Path,
    watch: Watch,
) -> float:
    """Return the seconds to train a spec on a crystal once, validation and all.

    Measured before any trial, with nothing of this call beside it, on the first
    fold's training part, and kept in `runs`: a later call plans with the same rate.

    Raises:
        TrialError: where what was kept cannot be read.
    """
    short = spec.with_epochs(_EPOCHS)
    trial = make_trial(short, prepared.crystals, 0, 0, registry)
    where = hardware(environment(device))
    key = hashlib.sha256(f"{trial.digest} {where}".encode()).hexdigest()
    file = runs / FOLDER / f"{key[:16]}.json"
    if file.exists():
        return _read(file)
    watch.say(f"measuring {spec.name}")
    train, validation, test = (
        torch.from_numpy(part)[:_CRYSTALS] for part in trial.parts
    )
    data = prepared.trial_data(spec.name, train, validation, test)
    with TemporaryDirectory() as folder:
        outcome = train_trial(
            short, data, 0, device, Path(folder), lambda done: None
        )
    epochs = [float(row["seconds"]) for row in outcome.curve][1:]
    rate = median(epochs) / len(train)
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
