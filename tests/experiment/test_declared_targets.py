"""What is declared of a target, from training to a prediction for a new crystal."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from fixtures.trials import run_trials
from ngn_core.crystal.elements import symbol_of
from ngn_core.dataset.dataset import Target
from ngn_core.experiment.pooling import with_pooling
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import Store
from ngn_core.experiment.trial import make_trial
from ngn_core.prediction.predict import predict
from ngn_core.spec.load import resolve_spec

CPU = torch.device("cpu")

KINDS = {
    "per cell": Target("eV/cell", per="cell"),
    "per cell, log10": Target("eV/cell", per="cell", transform="log10"),
    "per cell, reference": Target("eV/cell", per="cell", reference="composition"),
    "per formula unit": Target("eV/formula unit", per="formula_unit"),
    "per atom, asinh, reference": Target(
        "eV/atom", per="atom", transform="asinh", reference="composition"
    ),
    "log1p": Target("K", per="none", transform="log1p"),
}


@pytest.fixture
def trained(small_spec, prepared, registry, silent, tmp_path):
    """Return a function: the folder of a trial, and its result."""

    def call(declared, changes=("network.readout=as_target",)):
        spec = resolve_spec(small_spec.resolved(), registry, "test", changes)
        target = prepared.crystals.target
        atoms = np.array([len(c.species) for c in prepared.crystals.crystals])
        values = np.exp(target.values) * (atoms if declared.per == "cell" else 1)
        if declared.task == "binary":
            values = (values > np.median(values)).astype(float)
        target = replace(
            target,
            values=values,
            unit=declared.unit,
            task=declared.task or "regression",
            declared=declared,
        )
        crystals = replace(prepared.crystals, target=target)
        (spec,) = with_pooling([spec.with_epochs(2)], crystals, registry)
        trial = make_trial(spec, crystals, 0, 0, registry)
        ready, store = replace(prepared, crystals=crystals), Store(tmp_path / "runs")
        results, failures = run_trials([trial], ready, store, registry, CPU, silent)
        assert not failures
        return store.folder(trial.digest), results[0]

    return call


@pytest.fixture
def write(tmp_path):
    """Return a function that writes crystals to a file, copied so many times."""

    def call(crystals, copies=1):
        file = tmp_path / f"data{copies}.jsonl"
        rows = []
        for name, crystal in zip(crystals.ids, crystals.crystals, strict=True):
            lattice, frac = crystal.lattice.copy(), crystal.frac
            lattice[0] *= copies
            shifts = np.array([[copy, 0, 0] for copy in range(copies)])
            frac = (frac[None] + shifts[:, None]).reshape(-1, 3)
            frac[:, 0] /= copies
            species = [symbol_of(int(number)) for number in crystal.numbers] * copies
            rows.append(
                {
                    "id": name,
                    "lattice": lattice.tolist(),
                    "frac": frac.tolist(),
                    "species": species,
                }
            )
        file.write_text("\n".join(map(json.dumps, rows)))
        return file

    return call


@pytest.mark.parametrize("name", KINDS)
def test_everything_is_kept_with_the_result_and_undone_in_predict(
    trained, write, prepared, registry, name
):
    folder, result = trained(KINDS[name])
    assert read_result(folder).scaling == result.scaling
    rows = predict([folder, write(prepared.crystals)], registry, CPU).rows
    found = {row.id: row.mean for row in rows}
    for name, target, stored in result.predictions:
        assert found[name] == pytest.approx(stored, rel=1e-4)
        assert 0.05 < stored / target < 20
    assert rows[0].model.unit == result.unit


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("per cell", 2),
        ("per cell, log10", 2),
        ("per cell, reference", 2),
        ("per formula unit", 1),
        ("per atom, asinh, reference", 1),
        ("log1p", 1),
    ],
)
def test_a_doubled_cell_is_predicted_to_have_what_is_declared(
    trained, write, prepared, registry, name, factor
):
    # without a head a sum over atoms is exactly that
    readout = "{use: atomwise, layers: [8, 1], activation: silu}"
    folder, _ = trained(
        KINDS[name], (f"network.readout={readout}", "network.head=null")
    )
    once, twice = (
        predict([folder, write(prepared.crystals, copies)], registry, CPU).rows
        for copies in (1, 2)
    )
    for one, two in zip(once, twice, strict=True):
        assert two.mean == pytest.approx(factor * one.mean, rel=1e-4)


def test_a_positive_label_is_named_in_predictions(trained, write, prepared, registry):
    folder, _ = trained(Target("", "binary", positive="metal"))
    rows = predict([folder, write(prepared.crystals)], registry, CPU).rows
    assert rows[0].model.unit == "probability of metal"
    assert all(0 <= row.mean <= 1 for row in rows)
