"""Errors by what crystals share, worst crystals and learning curves, by hand."""

from types import SimpleNamespace

import pytest

from ngn_core.crystal.elements import SYMBOLS
from ngn_core.experiment import facts
from ngn_core.statistics.crystal_errors import (
    CrystalError,
    crystal_errors,
    worst,
)
from ngn_core.summary.error_by import (
    elements_of,
    error_by_element,
    error_by_size,
    error_by_system,
)
from ngn_core.summary.learning_curve import learning_curves

TESTED = {
    "a": facts.TestedCrystal("NaCl", 225, 2),
    "b": facts.TestedCrystal("Na2O", 2, 3),
    "c": facts.TestedCrystal("Co", None, 9),
}
MADE = (("a", 1.0), ("b", 3.0), ("c", 5.0), ("d", 99.0))
ERRORS = {
    "one": [CrystalError(name, 0.0, e, e) for name, e in MADE],
    "two": [CrystalError("a", 0.0, 4.0, 4.0)],
}


def test_a_crystal_counts_for_each_of_its_elements():
    groups = {group.name: group for group in error_by_element(ERRORS, TESTED)}
    assert list(groups) == ["O", "Na", "Cl", "Co"]  # by atomic number
    assert groups["Na"].errors == {"one": 2.0, "two": 4.0}
    assert groups["Na"].crystals == 2
    assert groups["O"].errors == {"one": 3.0}


def test_systems_are_in_order_and_what_is_not_known_is_last():
    groups = error_by_system(ERRORS, TESTED)
    assert [(g.name, g.errors["one"]) for g in groups] == [
        ("triclinic", 3.0),
        ("cubic", 1.0),
        ("unknown", 5.0),
    ]


def test_sizes_are_in_ranges_that_double():
    tested = {
        str(n): facts.TestedCrystal("C", 1, n) for n in (1, 2, 3, 4, 5, 8, 9, 64, 65)
    }
    errors = {"s": [CrystalError(name, 0.0, 1.0, 1.0) for name in tested]}
    groups = error_by_size(errors, tested)
    assert [(group.name, group.crystals) for group in groups] == [
        ("1", 1),
        ("2", 1),
        ("3-4", 2),
        ("5-8", 2),
        ("9-16", 1),
        ("33-64", 1),
        ("65-128", 1),
    ]


def test_every_symbol_is_read_from_a_formula():
    assert elements_of("La1.85Sr0.15CuO4") == ("La", "Sr", "Cu", "O")
    for symbol in SYMBOLS:
        assert elements_of(f"{symbol}2") == (symbol,)


def _trial(fold, seed, predictions=(), losses=()):
    curve = [
        {"epoch": float(n), "train_loss": loss, "validation_loss": None}
        for n, loss in enumerate(losses, start=1)
    ]
    return SimpleNamespace(fold=fold, seed=seed, predictions=predictions, curve=curve)


def test_the_error_of_a_crystal_is_a_mean_over_trials_not_of_the_mean():
    trials = [_trial(0, seed, [("a", 1.0, p)]) for seed, p in enumerate((0.0, 2.0))]
    (found,) = crystal_errors(trials)
    assert (found.prediction, found.error) == (1.0, 1.0)


def test_the_worst_come_first_and_equals_by_id():
    made = [CrystalError(n, 0.0, e, e) for n, e in (("b", 2), ("a", 2), ("c", 7))]
    assert [one.id for one in worst(made, 2)] == ["c", "a"]


def test_the_band_is_of_folds_not_of_seeds():
    trials = [
        _trial(0, 0, losses=(1.0, 0.5)),
        _trial(0, 1, losses=(3.0, 0.7)),
        _trial(1, 0, losses=(6.0,)),  # stopped early
    ]
    (curve,) = learning_curves(trials)
    assert curve.loss == "train_loss"
    assert curve.epoch == (1, 2)
    assert curve.mean == (4.0, pytest.approx(0.6))
    assert (curve.low, curve.high) == ((2.0, 0.6), (6.0, 0.6))
    assert curve.folds == 2
