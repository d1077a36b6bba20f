"""A network with the fit and predict of scikit-learn, over the engine of a trial."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.metrics import accuracy_score, r2_score
from sklearn.utils.validation import check_is_fitted

from ngn_core.comparison.checking import fit_spec
from ngn_core.comparison.device import choose_device
from ngn_core.dataset.composition import atom_counts
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.dataset import DatasetTable, Target
from ngn_core.dataset.objects import table_from_objects
from ngn_core.dataset.rows import OnDisorder
from ngn_core.dataset.select import select
from ngn_core.experiment.prepare import prepare
from ngn_core.experiment.trial import make_trial
from ngn_core.experiment.watch import Unwatched
from ngn_core.packed.needs import check_columns
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.prediction.ensemble import network_predictions
from ngn_core.prediction.portions import portions
from ngn_core.spec.load import load_one, resolve_spec
from ngn_core.spec.spec import Spec
from ngn_core.training.trial import train_trial

_TARGET = "target"


class Estimator(BaseEstimator):  # type: ignore[misc]
    """A spec's network as an estimator of scikit-learn.

    Trained as one trial is: the spec's own epochs, optimizer and share for validation,
    targets scaled on what is trained on. Nothing is stored; graphs are built anew.

    Args:
        spec: a path, the name of a shipped spec, its plain data, or a `Spec`.
        target: what is said of the targets; None: a regression, in no known unit.
        epochs: in place of the spec's.
        seed: of the weights, the order of batches and the validation part.
        device: auto, cpu, cuda or cuda:1.
        on_disorder: what becomes of crystals with partly occupied or shared sites:
            error, or average.
        plugins: files with components of the spec.

    Attributes:
        spec_: as it was trained.
        network_: with its final weights.
        scaling_: of the targets.
        curve_: a row for each epoch.
    """

    def __init__(
        self,
        spec: str | Path | dict[str, Any] | Spec,
        *,
        target: Target | None = None,
        epochs: int | None = None,
        seed: int = 0,
        device: str = "auto",
        on_disorder: OnDisorder = "error",
        plugins: Sequence[Path] = (),
    ) -> None:
        self.spec = spec
        self.target = target
        self.epochs = epochs
        self.seed = seed
        self.device = device
        self.on_disorder = on_disorder
        self.plugins = plugins

    def fit(self, X: Sequence[Any], y: Sequence[Any]) -> Estimator:
        """Train on structures and their targets.

        Args:
            X: n pymatgen Structures, ASE Atoms or Crystals, mixed as you like.
            y: [n], numbers; 0 and 1 where the target is binary.

        Raises:
            NGNError: for structures, targets or a spec that cannot be used.
        """
        registry = collect(plugin_manager(list(self.plugins)))
        spec = _spec(self.spec, registry)
        if self.epochs is not None:
            spec = spec.with_epochs(self.epochs)
        values = np.asarray(y).tolist()
        declared = replace(self._declared(), column=_TARGET)
        targets = {_TARGET: declared}
        table = table_from_objects("structures", X, {_TARGET: values}, None, targets)
        crystals = self._crystals(spec, table, _TARGET)
        nowhere = np.full(len(crystals), -1)
        crystals = replace(crystals, fold=nowhere, n_folds=1, fold_source="none")
        spec = fit_spec(spec, crystals, registry)
        prepared = prepare([spec], crystals, registry, None, "error", Unwatched())
        trial = make_trial(spec, prepared.crystals, 0, self.seed, registry)
        train, validation, _ = (torch.from_numpy(part) for part in trial.parts)
        tested = train[:1]  # a trial tests; here nobody asks for the score
        data = prepared.trial_data(spec.name, train, validation, tested)
        device = choose_device(self.device)
        with tempfile.TemporaryDirectory() as folder:
            outcome = train_trial(
                spec, data, self.seed, device, Path(folder), lambda done: None
            )
        self.spec_, self.network_ = spec, outcome.network
        self.scaling_, self.curve_ = outcome.scaling, outcome.curve
        self.classes_ = np.array([0, 1]) if self._is_binary() else None
        return self

    def predict(self, X: Sequence[Any]) -> np.ndarray:
        """Return the predictions, [n], in the unit of the targets; or classes, 0 or 1.

        Raises:
            NGNError: for structures that cannot be used.
        """
        found = self._outputs(X)
        if self._is_binary():
            classes: np.ndarray = (found > 0.5).astype(np.int64)
            return classes
        return found

    def predict_proba(self, X: Sequence[Any]) -> np.ndarray:
        """Return the probabilities of 0 and of 1, [n, 2], of a binary target.

        Raises:
            AttributeError: of a regression.
            NGNError: for structures that cannot be used.
        """
        if not self._is_binary():
            raise AttributeError("a regression has no probabilities")
        positive = self._outputs(X)
        return np.stack([1.0 - positive, positive], axis=1)

    def score(self, X: Sequence[Any], y: Sequence[Any]) -> float:
        """Return R^2 of a regression, the accuracy of a binary target."""
        measure = accuracy_score if self._is_binary() else r2_score
        return float(measure(np.asarray(y), self.predict(X)))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.estimator_type = "classifier" if self._is_binary() else "regressor"
        tags.target_tags.required = True
        return tags

    def _declared(self) -> Target:
        return self.target or Target(task="regression")

    def _is_binary(self) -> bool:
        return self._declared().task == "binary"

    def _outputs(self, X: Sequence[Any]) -> np.ndarray:
        check_is_fitted(self, "network_")
        registry = collect(plugin_manager(list(self.plugins)))
        table = table_from_objects("structures", X, {})
        crystals = self._crystals(self.spec_, table, None)
        device = choose_device(self.device)
        return np.concatenate(
            [self._portion(some, registry, device) for some in portions(crystals)]
        )

    def _portion(
        self, crystals: CrystalSet, registry: Registry, device: torch.device
    ) -> np.ndarray:
        prepared = prepare([self.spec_], crystals, registry, None, "error", Unwatched())
        found = network_predictions(
            self.network_,
            self.scaling_,
            self.spec_,
            prepared.graphs[self.spec_.name].to(device, torch.float32),
            torch.from_numpy(atom_counts(crystals.crystals)),
            device,
        )
        return np.asarray(found.numpy())

    def _crystals(
        self, spec: Spec, table: DatasetTable, target: str | None
    ) -> CrystalSet:
        read = check_columns([spec], table, target, has_state=False)
        return select(table, target, read=read, on_disorder=self.on_disorder)


def _spec(given: str | Path | dict[str, Any] | Spec, registry: Registry) -> Spec:
    if isinstance(given, Spec):
        return given
    if isinstance(given, dict):
        return resolve_spec(given, registry, "(spec)")
    return load_one(str(given), registry)
