"""A network with the fit and predict of scikit-learn.

Plugins import this with `ngn_core.api`, so that the engine of a trial and scikit-learn
are imported where they are used. Hence the class derives from nothing of
scikit-learn's; it has the methods that scikit-learn asks of an estimator.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ngn_core.dataset.dataset import Target
from ngn_core.dataset.rows import OnDisorder
from ngn_core.spec.spec import Spec

if TYPE_CHECKING:
    from ngn_core.plugin.registry import Registry


class Estimator:
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
        plugin: files with components of the spec.

    Attributes:
        spec_: as it was trained.
        network_: with its final weights.
        scaling_: of the targets.
        curve_: a row for each epoch.
        classes_: [2], 0 and 1, of a binary target; None of a regression.
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
        plugin: Sequence[Path] = (),
    ) -> None:
        self.spec = spec
        self.target = target
        self.epochs = epochs
        self.seed = seed
        self.device = device
        self.on_disorder = on_disorder
        self.plugin = plugin

    def __repr__(self) -> str:
        """Return how it is made, without what is as it is anyway."""
        parameters = inspect.signature(type(self)).parameters
        values = self.get_params()
        flags = [repr(values.pop("spec"))]
        flags += [
            f"{name}={value!r}"
            for name, value in values.items()
            if value != parameters[name].default
        ]
        return f"{type(self).__name__}({', '.join(flags)})"

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments that it was made with, by name.

        Args:
            deep: as scikit-learn has it; no argument is an estimator.
        """
        return {
            name: getattr(self, name)
            for name in inspect.signature(type(self)).parameters
        }

    def set_params(self, **params: Any) -> Self:
        """Set arguments anew.

        Raises:
            ValueError: for one that there is not.
        """
        known = self.get_params()
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"Estimator has no parameter {name!r}; expected one of "
                    f"{', '.join(known)}"
                )
            setattr(self, name, value)
        return self

    def fit(self, X: Sequence[Any], y: Sequence[Any]) -> Self:
        """Train on structures and their targets.

        Args:
            X: n pymatgen Structures, ASE Atoms or Crystals, mixed as you like.
            y: [n], numbers; 0 and 1 where the target is binary.

        Raises:
            NGNError: for structures, targets or a spec that cannot be used.
        """
        from ngn_core.prediction.fit_network import fit_network

        spec, outcome = fit_network(
            self.spec,
            X,
            y,
            self._declared(),
            self._registry(),
            epochs=self.epochs,
            seed=self.seed,
            device=self.device,
            on_disorder=self.on_disorder,
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
        from sklearn.metrics import accuracy_score, r2_score

        measure = accuracy_score if self._is_binary() else r2_score
        return float(measure(np.asarray(y), self.predict(X)))

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn asks of an estimator before it uses one."""
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags

        target = TargetTags(required=True)
        if self._is_binary():
            return Tags("classifier", target, classifier_tags=ClassifierTags())
        return Tags("regressor", target, regressor_tags=RegressorTags())

    def _declared(self) -> Target:
        return self.target or Target(task="regression")

    def _is_binary(self) -> bool:
        return self._declared().task == "binary"

    def _registry(self) -> Registry:
        from ngn_core.plugin.manager import plugin_manager
        from ngn_core.plugin.registry import collect

        return collect(plugin_manager([Path(file) for file in self.plugin]))

    def _outputs(self, X: Sequence[Any]) -> np.ndarray:
        from sklearn.utils.validation import check_is_fitted

        from ngn_core.prediction.fit_network import network_outputs

        check_is_fitted(self, "network_")
        return network_outputs(
            self.network_,
            self.scaling_,
            self.spec_,
            X,
            self._registry(),
            device=self.device,
            on_disorder=self.on_disorder,
        )
