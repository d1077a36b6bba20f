"""How much training there may be: of every trial, or in the time of a whole call."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import torch

from ngn_core.comparison.time_limit import parse_time
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.errors import DatasetError, NGNError
from ngn_core.experiment.prepare import Prepared
from ngn_core.experiment.run_context import Run
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.spec import Spec
from ngn_core.training.throughput import measure_throughput

SAMPLE = 64
"""Crystals that are enough to measure on."""

LEAST_EPOCHS = 20
"""Crystals are given up before epochs fall below this."""

SPARE = 0.75
"""Share of the time that is planned; machines are noisy."""


@dataclass(frozen=True)
class Budget:
    """How much training there may be.

    Attributes:
        of: `call`, the time of the whole call in seconds, graphs and all; or what
            each trial has: `epochs`, optimizer `steps`, or `seconds` of training.
        amount: how much of it.
        text: as the user said it.
        short: whether `--epochs` said it.
    """

    of: Literal["call", "epochs", "steps", "seconds"]
    amount: float
    text: str
    short: bool = False

    @property
    def timed(self) -> bool:
        """Return whether it is a time, in which every machine does something else."""
        return self.of in ("call", "seconds")

    @property
    def recorded(self) -> str | None:
        """Return what a chosen training keeps of it; `--epochs` are in its spec."""
        return None if self.short else self.text

    def epochs(self, crystals: int, batch_size: int, rate: float) -> int:
        """Return the whole epochs of a trial: the steps at least, the seconds at most.

        Args:
            crystals: in the training part.
            batch_size: crystals a step.
            rate: measured seconds to train on a crystal once.
        """
        if self.of == "epochs":
            return int(self.amount)
        if self.of == "steps":
            return math.ceil(self.amount / math.ceil(crystals / batch_size))
        return max(int(self.amount / (rate * crystals)), 1)


def parse_budget(text: str) -> Budget:
    """Return the budget of `3m`, time of the whole call, or of `epochs=100`, a trial's.

    Raises:
        NGNError: for anything else.
    """
    of, equals, amount = text.partition("=")
    if not equals:
        return Budget("call", parse_time(text), text)
    expected = "epochs=N, steps=N or seconds=S of every trial, or a time of the call"
    if of not in ("epochs", "steps", "seconds"):
        hint = did_you_mean(of, ("epochs", "steps", "seconds"))
        suffix = "" if hint is None else f". {hint}"
        raise NGNError(f"--budget {text!r}: expected {expected}{suffix}")
    whole = r"\d+" if of != "seconds" else r"\d+(?:\.\d+)?"
    if not re.fullmatch(whole, amount) or float(amount) <= 0:
        number = "a number above 0" if of == "seconds" else "a whole number from 1 on"
        raise NGNError(f"--budget {text!r}: expected {number} after {of}=")
    return Budget(of, float(amount), text)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Rates:
    """Measured seconds of one spec.

    Attributes:
        graph: to build the graph of a crystal.
        train: to train on a crystal, once.
        infer: to predict a crystal.
        trial: to begin and end a trial.
    """

    graph: float
    train: float
    infer: float
    trial: float


@dataclass(frozen=True)
class Plan:
    """What fits: crystals of the dataset, epochs of every trial."""

    crystals: int
    epochs: int


def measure(
    specs: Sequence[Spec],
    sample: CrystalSet,
    run: Run,
) -> list[Rates]:
    """Return the seconds of each spec, from a short training on a few crystals."""
    prepared = replace(run, cache=None, jobs=1).prepare(specs, sample)
    return measure_prepared(specs, prepared, run)


def measure_prepared(
    specs: Sequence[Spec], prepared: Prepared, run: Run
) -> list[Rates]:
    """Return the seconds of each spec, on crystals whose graphs are built."""
    numbers = torch.arange(len(prepared.crystals))
    rates = []
    for spec in specs:
        run.reporter.note(f"measuring {spec.name}")
        data = prepared.trial_data(spec.name, numbers, numbers[:0], numbers)
        throughput = measure_throughput(spec, data, run.device)
        rates.append(
            Rates(
                prepared.seconds[spec.name],
                throughput.train,
                throughput.infer,
                throughput.trial,
            )
        )
    return rates


def plan(
    seconds: float,
    rates: Sequence[Rates],
    crystals: int,
    trials_per_spec: int,
    n_folds: int,
) -> Plan:
    """Return the crystals and epochs that fit, as many crystals as leave some epochs.

    Raises:
        DatasetError: where not even a few crystals fit.
    """
    share = (n_folds - 1) / n_folds if n_folds > 1 else 1.0  # one fold, of a file
    train = trials_per_spec * sum(rate.train for rate in rates) * share
    once = sum(rate.graph for rate in rates)
    once += trials_per_spec / n_folds * sum(rate.infer for rate in rates)
    planned = SPARE * seconds - trials_per_spec * sum(rate.trial for rate in rates)
    chosen = min(crystals, int(planned / (once + LEAST_EPOCHS * train)))
    epochs = math.floor((planned - chosen * once) / max(chosen * train, 1e-9))
    if chosen < 2 * n_folds or epochs < 1:
        raise DatasetError(
            f"--budget: {seconds:.0f} s are too few for {len(rates)} specs and "
            f"{trials_per_spec} trials of each; give more time or fewer specs"
        )
    return Plan(chosen, epochs)
