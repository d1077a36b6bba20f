"""A random forest on the composition alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from pydantic import Field

import ngn_core.api as ngn

Composition = tuple[tuple[int, float], ...]
"""(atomic number, share of the atoms), sorted."""


class RandomForest(ngn.BaselineEstimator):
    """A random forest on statistics of element properties (Ward et al. 2016).

    Features are matminer's `magpie` preset (doi 10.1038/npjcompumats.2016.28): it knows
    which elements there are and nothing of where they sit. Trees are scikit-learn's.
    """

    name = "random_forest"

    class Options(ngn.Options):
        """Options of the forest."""

        trees: int = Field(500, gt=0, description="number of trees; MatBench's has 500")
        leaf: int = Field(1, gt=0, description="least crystals in a leaf")

    def fit(self, crystals: Sequence[ngn.Crystal], targets: np.ndarray) -> None:
        """Grow the trees."""
        from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

        kind = RandomForestRegressor
        if self.task == "binary":
            kind = RandomForestClassifier
        self.forest: Any = kind(
            n_estimators=self.options.trees,
            min_samples_leaf=self.options.leaf,
            random_state=self.seed,
        )
        self.forest.fit(_features(crystals), targets)

    def predict(self, crystals: Sequence[ngn.Crystal]) -> np.ndarray:
        """Return the mean over the trees, [n]; of binary targets the share of 1."""
        features = _features(crystals)
        if self.task == "regression":
            found: np.ndarray = self.forest.predict(features)
            return found
        classes = self.forest.classes_.tolist()
        if 1.0 not in classes:
            return np.zeros(len(crystals))
        shares: np.ndarray = self.forest.predict_proba(features)[:, classes.index(1.0)]
        return shares


def _features(crystals: Sequence[ngn.Crystal]) -> np.ndarray:
    """Return the features of the crystals' compositions, [n, 132]."""
    return np.array([_of_composition(_composition(crystal)) for crystal in crystals])


def _composition(crystal: ngn.Crystal) -> Composition:
    shares: Counter[int] = Counter()
    for species in crystal.species:
        for number, weight in species:
            shares[number] += weight  # type: ignore[assignment]
    total = sum(shares.values())
    return tuple(sorted((z, round(n / total, 9)) for z, n in shares.items()))


@cache
def _of_composition(composition: Composition) -> tuple[float, ...]:
    from pymatgen.core.composition import Composition as Named
    from pymatgen.core.periodic_table import Element

    shares = {Element.from_Z(number).symbol: share for number, share in composition}
    found = _magpie().featurize(Named(shares))
    return tuple(np.nan_to_num(np.asarray(found, dtype=np.float64)))


@cache
def _magpie() -> Any:
    try:
        from matminer.featurizers.composition import ElementProperty
    except ImportError as error:
        raise ngn.DatasetError(
            "random_forest: matminer is not installed, whose features of compositions "
            f"it needs ({error}); pip install matminer"
        ) from error
    return ElementProperty.from_preset("magpie", impute_nan=True)
