"""The estimator: scikit-learn's manners, a trial's engine."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score

import ngn_core.api as ngn
from ngn_core.errors import DatasetError, SpecError


@pytest.fixture(scope="module")
def copper(alloys):
    """Twelve crystals, and a target that is the mean atomic number."""
    crystals = list(alloys.crystals[:12])
    return crystals, [float(crystal.numbers.mean()) for crystal in crystals]


@pytest.fixture(scope="module")
def fitted(small_spec, copper):
    crystals, values = copper
    return ngn.Estimator(small_spec, epochs=15, device="cpu").fit(crystals, values)


def test_it_learns_what_it_is_shown(fitted, copper):
    crystals, values = copper
    assert fitted.predict(crystals).shape == (12,)
    assert fitted.score(crystals, values) > 0.3
    assert len(fitted.curve_) == 15


def test_a_structure_is_the_same_in_every_library(fitted):
    from ase import Atoms
    from pymatgen.core import Lattice, Structure

    frac = [[0, 0, 0], [0.5, 0.5, 0.5]]
    structure = Structure(Lattice.cubic(3.2), ["Cu", "Au"], frac)
    atoms = Atoms("CuAu", cell=[3.2] * 3, pbc=True, scaled_positions=frac)
    crystal = ngn.from_pymatgen(structure)
    found = fitted.predict([structure, atoms, crystal])
    assert found == pytest.approx([found[0]] * 3, abs=1e-5)


def test_a_clone_has_the_parameters_and_is_not_fitted(fitted, copper):
    other = clone(fitted)
    assert other.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        other.predict(copper[0])
    assert other.set_params(epochs=2).epochs == 2


def test_equal_seeds_give_equal_numbers_others_do_not(small_spec, copper):
    crystals, values = copper
    first, again, other = (
        ngn.Estimator(small_spec, epochs=1, seed=seed, device="cpu")
        .fit(crystals, values)
        .predict(crystals)
        for seed in (0, 0, 1)
    )
    assert first.tolist() == again.tolist()
    assert first.tolist() != other.tolist()


def test_scikit_learn_validates_it(small_spec, copper):
    crystals, values = copper
    network = ngn.Estimator(small_spec, epochs=1, device="cpu")
    scores = cross_val_score(
        network, crystals, values, cv=2, scoring="neg_mean_absolute_error"
    )
    assert scores.shape == (2,)
    assert (scores < 0).all()


def test_a_binary_target_has_classes_and_probabilities(small_spec, copper):
    crystals, values = copper
    above = np.array(values) > np.median(values)
    network = ngn.Estimator(
        small_spec, target=ngn.Target(task="binary"), epochs=2, device="cpu"
    )
    assert is_classifier(network)
    network.fit(crystals, above)
    shares = network.predict_proba(crystals)
    assert shares.sum(axis=1) == pytest.approx(np.ones(12))
    assert (network.predict(crystals) == (shares[:, 1] > 0.5)).all()
    assert 0.0 <= network.score(crystals, above) <= 1.0


def test_a_regression_has_no_probabilities(fitted, copper):
    assert is_regressor(fitted)
    with pytest.raises(AttributeError, match="no probabilities"):
        fitted.predict_proba(copper[0])


def test_targets_that_do_not_fit_are_a_sentence(small_spec, copper):
    network = ngn.Estimator(small_spec, epochs=1, device="cpu")
    with pytest.raises(DatasetError, match="target has 11 values; expected 12"):
        network.fit(copper[0], copper[1][1:])
    with pytest.raises(SpecError, match="no such file and no shipped spec"):
        ngn.Estimator("cgcn").fit(*copper)
    with pytest.raises(DatasetError, match="found int; expected a pymatgen"):
        network.fit([3, *copper[0][1:]], copper[1])


def test_what_is_set_is_shown_and_what_is_not_there_is_refused():
    network = ngn.Estimator("cgcnn", epochs=2).set_params(device="cpu")
    assert repr(network) == "Estimator('cgcnn', epochs=2, device='cpu')"
    with pytest.raises(ValueError, match="no parameter 'epoch'; expected one of spec"):
        network.set_params(epoch=2)


def test_scikit_learn_searches_its_parameters(small_spec, copper):
    crystals, values = copper
    search = GridSearchCV(
        ngn.Estimator(small_spec, device="cpu"), {"epochs": [1, 2]}, cv=2
    )
    assert search.fit(crystals, values).best_params_["epochs"] in (1, 2)
    assert search.predict(crystals).shape == (12,)
