"""One cell of the grid spec x dataset x target x fold x seed, and its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ngn_core import RESULTS_VERSION
from ngn_core.dataset.crystal_set import (
    CrystalSet,
    TargetColumn,
    classes_of,
    with_columns,
)
from ngn_core.dataset.folds import set_aside
from ngn_core.errors import TrialError
from ngn_core.experiment.protocol import Chosen
from ngn_core.network.architecture import architecture_of
from ngn_core.packed.recipe import finder_versions, stored_columns
from ngn_core.plugin.registry import Registry
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.spec import Spec, TrainOptions

PRECISION = "float32"


@dataclass(frozen=True, eq=False)
class Trial:
    """What is trained and tested, and on what.

    Attributes:
        spec: architecture and training.
        crystals: the dataset, with its target and folds.
        fold: whose test part is tested on; all the rest is trained on.
        seed: of the weights, the order of batches and the validation part.
        origins: distribution and version of every component, by kind and name.
        chosen: how its training was chosen, None where the spec says it.
    """

    spec: Spec | Baseline
    crystals: CrystalSet
    fold: int
    seed: int
    origins: dict[str, str]
    chosen: Chosen | None = None

    @property
    def target(self) -> TargetColumn:
        """Return what is predicted."""
        assert self.crystals.target is not None
        return self.crystals.target

    @property
    def options(self) -> TrainOptions:
        """Return the network's training for this task."""
        assert isinstance(self.spec, Spec)
        return self.spec.train[self.target.task]

    @property
    def epochs(self) -> int:
        """Return how many there will be; a baseline has none."""
        return self.options.epochs if isinstance(self.spec, Spec) else 0

    @cached_property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the places of training, validation and test crystals in the set.

        The validation part is the one that a file of folds names; else it keeps groups
        together, with each class's share.

        Raises:
            TrialError: where there is one group alone.
        """
        rest, validation, test = self.crystals.parts(self.fold)
        rest = self._swept(rest)
        kept_share = self.options.validation if isinstance(self.spec, Spec) else 0.0
        if kept_share == 0 or len(validation):
            return rest, validation, test
        groups = self.crystals.groups
        kept = set_aside(
            np.arange(len(rest)) if groups is None else groups[rest],
            classes_of(self.target.task, self.target.values[rest]),
            min(max(round(kept_share * len(rest)), 1), len(rest) - 1),
            np.random.default_rng(self.seed),
        )
        if kept.all():
            raise TrialError(
                f"fold {self.fold}: all {len(rest)} crystals to train on are of one "
                "group, so that none can be kept for validation; set train.validation "
                "to 0, or take other groups"
            )
        return rest[~kept], rest[kept], test

    def _swept(self, rest: np.ndarray) -> np.ndarray:
        """Return the share of the training part that a sweep of its size asks for.

        The shares of a fold are nested, and the same for every spec and seed.
        """
        share = 1.0 if self.spec.point is None else self.spec.point.train_share
        if share == 1:
            return rest
        order = np.random.default_rng(self.fold).permutation(len(rest))
        return rest[np.sort(order[: max(round(share * len(rest)), 1)])]

    @cached_property
    def digest(self) -> str:
        """Return the sha256 of everything that can change a number of the result."""
        parts = [[self.crystals.ids[place] for place in part] for part in self.parts]
        held_out = self.crystals.held_out
        aside = {} if held_out is None else {"held_out": held_out.digest}
        return _sha256({**self._model(), "parts": parts, "seed": self.seed, **aside})

    @cached_property
    def model(self) -> str:
        """Return the sha256 of what the folds and seeds of a spec share.

        What was picked in each fold, a learning rate say, is not shared.
        """
        model = self._model()
        for *sections, key in () if self.chosen is None else self.chosen.apart:
            section = model["spec"]
            for name in sections:
                section = section[name]
            del section[key]
        return _sha256(model)

    def _model(self) -> dict[str, Any]:
        spec = self.spec.resolved()
        del spec["reference"]
        if isinstance(self.spec, Spec):
            spec["train"] = self.options.resolved()
        protocol = {} if self.chosen is None else {"protocol": self.chosen.resolved()}
        return {
            **protocol,
            "results_version": RESULTS_VERSION,
            "spec": spec,
            "components": self.origins,
            "dataset": self.crystals.digest,
            "target": self._target(),
            "precision": PRECISION,
        }

    def _target(self) -> dict[str, Any]:
        """Return what is said of the target; its column and folds are in the data."""
        target = self.target
        return {
            "name": target.name,
            "unit": target.unit,
            "task": target.task,
            "per": target.declared.per,
            "positive": target.declared.positive,
            "transform": target.declared.transform,
            "reference": target.declared.reference,
        }


def _sha256(plain: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def make_trial(
    spec: Spec | Baseline,
    crystals: CrystalSet,
    fold: int,
    seed: int,
    registry: Registry,
    chosen: Chosen | None = None,
) -> Trial:
    """Return the trial of a spec on one fold of a dataset with one seed."""
    crystals = _as_read(spec, crystals)
    assert crystals.target is not None
    origins = {}
    for use in spec.components(crystals.target.task):
        origins[f"{use.kind} {use.name}"] = str(registry.entry(use).origin)
    if isinstance(spec, Spec):
        origins["space groups"] = ", ".join(finder_versions())
    return Trial(spec, crystals, fold, seed, origins, chosen)


def _as_read(spec: Spec | Baseline, crystals: CrystalSet) -> CrystalSet:
    """Return the crystals with the columns that the spec reads: no other can matter."""
    first = crystals.crystals[0]
    if not first.columns and not first.properties:
        return crystals
    if isinstance(spec, Baseline):
        return with_columns(crystals, frozenset(), frozenset())
    columns = stored_columns(architecture_of(spec).columns)
    sites = columns["node"] & first.columns.keys()
    return with_columns(crystals, sites, columns.get("crystal", frozenset()))
