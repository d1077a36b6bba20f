"""One cell of the grid spec x dataset x target x fold x seed, and its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ngn_core import RESULTS_VERSION
from ngn_core.data.crystal_set import CrystalSet, TargetColumn
from ngn_core.data.recipe import finder_versions
from ngn_core.plugin.registry import Registry
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
    """

    spec: Spec
    crystals: CrystalSet
    fold: int
    seed: int
    origins: dict[str, str]

    @property
    def target(self) -> TargetColumn:
        """Return what is predicted."""
        assert self.crystals.target is not None
        return self.crystals.target

    @property
    def options(self) -> TrainOptions:
        """Return the spec's training for this task."""
        return self.spec.train[self.target.task]

    @cached_property
    def parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the places of training, validation and test crystals in the set."""
        assert self.crystals.fold is not None
        tested = self.crystals.fold == self.fold
        rest, test = np.flatnonzero(~tested), np.flatnonzero(tested)
        kept = round(self.options.validation * len(rest))
        if self.options.validation > 0:
            kept = min(max(kept, 1), len(rest) - 1)
        order = np.random.default_rng(self.seed).permutation(len(rest))
        return np.sort(rest[order[kept:]]), np.sort(rest[order[:kept]]), test

    @cached_property
    def digest(self) -> str:
        """Return the sha256 of everything that can change a number of the result."""
        parts = [[self.crystals.ids[place] for place in part] for part in self.parts]
        return _sha256({**self._model(), "parts": parts, "seed": self.seed})

    @cached_property
    def model(self) -> str:
        """Return the sha256 of what the folds and seeds of a spec share."""
        return _sha256(self._model())

    def _model(self) -> dict[str, Any]:
        spec = self.spec.resolved()
        del spec["reference"], spec["train"]
        return {
            "results_version": RESULTS_VERSION,
            "spec": spec,
            "train": self.options.resolved(),
            "components": self.origins,
            "dataset": self.crystals.digest,
            "target": [self.target.name, self.target.unit, self.target.task],
            "precision": PRECISION,
        }


def _sha256(plain: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def make_trial(
    spec: Spec, crystals: CrystalSet, fold: int, seed: int, registry: Registry
) -> Trial:
    """Return the trial of a spec on one fold of a dataset with one seed."""
    assert crystals.target is not None
    origins = {}
    for use in spec.components(crystals.target.task):
        origins[f"{use.kind} {use.name}"] = str(registry.entry(use).origin)
    origins["space groups"] = ", ".join(finder_versions())
    return Trial(spec, crystals, fold, seed, origins)
