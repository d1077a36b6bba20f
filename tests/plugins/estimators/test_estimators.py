"""Baselines against what they say they are."""

import numpy as np
import pytest
from matminer.featurizers.composition import ElementProperty
from pymatgen.core import Composition
from sklearn.ensemble import RandomForestRegressor

from ngn_core.crystal.reading import from_arrays
from ngn_plugins.estimators import Dummy, RandomForest


def salt(first, second, side=5.0):
    return from_arrays(np.eye(3) * side, [first, second], [[0, 0, 0], [0.5, 0.5, 0.5]])


CRYSTALS = [salt("Na", x) for x in ("F", "Cl", "Br", "I")] + [salt("K", "F")]
TARGETS = np.array([1.0, 2.0, 3.0, 10.0, 4.0])


def test_constants_are_those_of_the_training_targets():
    for strategy, constant in (("mean", 4.0), ("median", 3.0)):
        dummy = Dummy(Dummy.Options(strategy=strategy), "regression", 0)
        dummy.fit(CRYSTALS, TARGETS)
        assert dummy.predict(CRYSTALS[:2]).tolist() == [constant, constant]


def test_of_a_binary_target_the_constant_is_the_share_of_ones():
    dummy = Dummy(Dummy.Options(strategy="median"), "binary", 0)
    dummy.fit(CRYSTALS, np.array([0.0, 0.0, 0.0, 1.0, 0.0]))
    assert dummy.predict(CRYSTALS[:1]).tolist() == [0.2]


@pytest.mark.filterwarnings("ignore::Warning")
def test_the_forest_is_scikit_learns_on_matminers_features():
    forest = RandomForest(RandomForest.Options(trees=20), "regression", 3)
    forest.fit(CRYSTALS, TARGETS)
    magpie = ElementProperty.from_preset("magpie", impute_nan=True)
    formulas = ("NaF", "NaCl", "NaBr", "NaI", "KF")
    features = [magpie.featurize(Composition(formula)) for formula in formulas]
    expected = RandomForestRegressor(20, random_state=3).fit(features, TARGETS)
    np.testing.assert_allclose(
        forest.predict(CRYSTALS), expected.predict(features), rtol=1e-9
    )


@pytest.mark.filterwarnings("ignore::Warning")
def test_the_forest_sees_composition_alone():
    forest = RandomForest(RandomForest.Options(trees=20), "regression", 0)
    forest.fit(CRYSTALS, TARGETS)
    assert forest.predict([salt("Na", "F", 7.0)]) == forest.predict(CRYSTALS[:1])


@pytest.mark.filterwarnings("ignore::Warning")
def test_a_forest_of_one_class_never_predicts_the_other():
    forest = RandomForest(RandomForest.Options(trees=5), "binary", 0)
    forest.fit(CRYSTALS, np.zeros(5))
    assert forest.predict(CRYSTALS[:1]).tolist() == [0.0]
    forest.fit(CRYSTALS, np.ones(5))
    assert forest.predict(CRYSTALS[:1]).tolist() == [1.0]
