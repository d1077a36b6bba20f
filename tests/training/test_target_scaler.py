"""Laws of normalisation: fitted on what it is given, undone to the last digit."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from ngn_core.crystal.elements import number_of
from ngn_core.dataset.dataset import Target
from ngn_core.training.composition_model import CompositionModel
from ngn_core.training.target_scaler import TargetScaler, needs_counts

ATOMS = {"Na": 3, "Cl": 5, "O": 2}


def counts_of(*cells):
    """Return atom counts, [n, elements], from mappings of symbols."""
    counts = torch.zeros(len(cells), 118, dtype=torch.float64)
    for row, cell in zip(counts, cells, strict=True):
        for symbol, count in cell.items():
            row[number_of(symbol) - 1] = count
    return counts


@pytest.fixture
def cells():
    random = np.random.default_rng(0)
    made = [
        {symbol: int(count) for symbol, count in zip(ATOMS, row, strict=True)}
        for row in random.integers(1, 9, (40, 3))
    ]
    return counts_of(*made)


@pytest.fixture
def values():
    return torch.from_numpy(np.random.default_rng(1).uniform(0.1, 5.0, 40))


KINDS = [
    (per, transform, reference)
    for per, transform, reference in itertools.product(
        (None, "atom", "cell", "formula_unit", "none"),
        ("none", "log10", "log1p", "asinh"),
        ("none", "composition"),
    )
    if reference == "none" or transform in ("none", "asinh")
]


@pytest.mark.parametrize(("per", "transform", "reference"), KINDS)
def test_scaling_is_undone(values, cells, per, transform, reference):
    declared = Target(per=per, transform=transform, reference=reference)
    counts = cells if needs_counts("regression", declared) else None
    scaling = TargetScaler.fit("regression", values, declared, counts)
    again = TargetScaler.read(scaling.plain())
    assert again == scaling
    outputs = again.scaled(values, counts)
    assert outputs.std(correction=0).item() == pytest.approx(1.0, abs=0.05)
    back = again.predictions(outputs, counts)
    torch.testing.assert_close(back, values, rtol=1e-10, atol=1e-10)


def test_undeclared_targets_are_standardized(values):
    scaling = TargetScaler.fit("regression", values)
    expected = (values - values.mean()) / values.std(correction=0)
    torch.testing.assert_close(scaling.scaled(values), expected)


def test_a_scaling_stored_before_there_were_declarations_can_be_read():
    scaling = TargetScaler.read({"task": "regression", "mean": 2.0, "std": 4.0})
    assert scaling.predictions(torch.tensor([0.5])).tolist() == [4.0]


@pytest.mark.parametrize(
    ("transform", "forward"),
    [("log10", np.log10), ("log1p", np.log1p), ("asinh", np.arcsinh)],
)
def test_what_is_trained_on_is_the_standardized_transform(values, transform, forward):
    scaling = TargetScaler.fit("regression", values, Target(transform=transform))
    plain = forward(values.numpy())
    expected = (plain - plain.mean()) / plain.std()
    np.testing.assert_allclose(scaling.scaled(values).numpy(), expected, rtol=1e-10)


# size ---------------------------------------------------------------------------------


@pytest.mark.parametrize("transform", ["none", "log10"])
def test_a_doubled_cell_has_twice_the_value_per_cell(values, cells, transform):
    # what a sum over atoms gives doubles, what a mean gives (transformed) does not
    declared = Target(per="cell", transform=transform)
    scaling = TargetScaler.fit("regression", values, declared, cells)
    outputs = torch.linspace(-1, 1, 40, dtype=torch.float64)
    factor = 2 if declared.extensive else 1
    once = scaling.predictions(outputs, cells)
    twice = scaling.predictions(factor * outputs, 2 * cells)
    torch.testing.assert_close(twice, 2 * once)


def test_values_per_cell_are_standardized_by_the_mean_atom(values, cells):
    scaling = TargetScaler.fit("regression", values, Target(per="cell"), cells)
    atoms = cells.sum(dim=1)
    assert scaling.mean == pytest.approx((values / atoms).mean().item())
    rest = values - scaling.mean * atoms
    assert scaling.std == pytest.approx(rest.square().mean().sqrt().item())


def test_cells_of_one_size_are_standardized_as_if_nothing_was_said(values):
    counts = counts_of(*[{"Na": 2, "Cl": 3}] * 40)
    sized = TargetScaler.fit("regression", values, Target(per="cell"), counts)
    plain = TargetScaler.fit("regression", values)
    torch.testing.assert_close(sized.scaled(values, counts), plain.scaled(values))


def test_a_value_per_formula_unit_is_trained_by_atom():
    counts = counts_of({"Na": 1, "Cl": 1}, {"Na": 4, "Cl": 4}, {"Na": 4, "O": 2})
    by_atom = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
    sizes = torch.tensor([2.0, 2.0, 3.0], dtype=torch.float64)
    declared = Target(per="formula_unit")
    scaling = TargetScaler.fit("regression", by_atom * sizes, declared, counts)
    assert scaling.mean == pytest.approx(7 / 3)
    torch.testing.assert_close(
        scaling.scaled(by_atom * sizes, counts),
        TargetScaler.fit("regression", by_atom).scaled(by_atom),
    )


# reference ----------------------------------------------------------------------------

ENERGIES = {"Na": -1.3, "Cl": -1.8, "O": -4.9}


@pytest.mark.parametrize("per", ["atom", "cell", "formula_unit", "none", None])
def test_a_target_that_is_linear_in_the_composition_is_all_reference(cells, per):
    per_cell = sum(
        cells[:, number_of(symbol) - 1] * energy for symbol, energy in ENERGIES.items()
    )
    atoms = cells.sum(dim=1)
    units = torch.from_numpy(
        np.gcd.reduce(cells.numpy().astype(int), axis=1).astype(float)
    )
    size = {"cell": torch.ones(40), "formula_unit": units}.get(per, atoms)
    values = per_cell / size
    scaling = TargetScaler.fit(
        "regression", values, Target(per=per, reference="composition"), cells
    )
    assert scaling.reference.elements == pytest.approx(ENERGIES, abs=1e-6)
    guessed = scaling.predictions(torch.zeros(40, dtype=torch.float64), cells)
    torch.testing.assert_close(guessed, values, rtol=0, atol=1e-4)


def test_a_new_element_counts_as_the_mean_atom(cells):
    values = torch.full((40,), 3.0, dtype=torch.float64)
    reference = CompositionModel.fit(values, cells / cells.sum(dim=1, keepdim=True))
    new = counts_of({"U": 1})
    assert reference.of(new).item() == pytest.approx(3.0)
    assert "U" not in reference.elements


def test_elements_that_always_come_together_share_their_deviation():
    # Na and Cl as 1:1 in every crystal: their difference cannot be known
    counts = counts_of(*[{"Na": n, "Cl": n, "O": m} for n in (1, 2) for m in (0, 1, 3)])
    weights = counts / counts.sum(dim=1, keepdim=True)
    values = weights @ counts_of({"Na": -1.0, "Cl": -3.0, "O": 2.0})[0]
    reference = CompositionModel.fit(values, weights)
    assert reference.elements["Na"] == pytest.approx(reference.elements["Cl"])
    torch.testing.assert_close(reference.of(weights), values, rtol=0, atol=1e-6)


def test_fewer_crystals_than_elements_do_not_give_wild_values():
    random = np.random.default_rng(2)
    weights = torch.from_numpy(random.dirichlet(np.full(118, 0.05), 60))
    energies = torch.from_numpy(random.normal(size=118))
    values = weights @ energies + torch.from_numpy(random.normal(0, 0.3, 60))
    reference = CompositionModel.fit(values[:40], weights[:40])
    new = weights[40:] @ energies
    error = (reference.of(weights[40:]) - new).abs().mean()
    assert error < (new - values[:40].mean()).abs().mean()


def test_a_constant_target_is_predicted(cells):
    values = torch.full((40,), 0.1, dtype=torch.float64)
    for declared in (Target(), Target(reference="composition")):
        scaling = TargetScaler.fit("regression", values, declared, cells)
        assert scaling.std == 1.0
        outputs = torch.zeros(40, dtype=torch.float64)
        torch.testing.assert_close(scaling.predictions(outputs, cells), values)
