"""Predictions of stored trials."""

from __future__ import annotations

import csv
import gzip
import json

import pytest
import torch

from fixtures.trials import run_trials
from ngn_core.errors import DatasetError, TrialError
from ngn_core.experiment.result import WEIGHTS, read_result
from ngn_core.experiment.store import Store, result_folders
from ngn_core.experiment.trial import make_trial
from ngn_core.prediction.predict import predict
from ngn_core.report.predictions import print_predictions, write_predictions

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def runs(small_spec, prepared, registry, silent, tmp_path_factory):
    folder = tmp_path_factory.mktemp("predict") / "runs"
    spec = small_spec.with_epochs(2)
    trials = [make_trial(spec, prepared.crystals, fold, 0, registry) for fold in (0, 1)]
    run_trials(trials, prepared, Store(folder), registry, CPU, silent)
    return folder


@pytest.fixture
def structures(prepared, tmp_path):
    """The training crystals as a user's file, without targets."""
    file = tmp_path / "data.jsonl.gz"
    from ngn_core.crystal.elements import symbol_of

    with gzip.open(file, "wt") as stream:
        for name, crystal in zip(
            prepared.crystals.ids, prepared.crystals.crystals, strict=True
        ):
            row = {
                "id": name,
                "lattice": crystal.lattice.tolist(),
                "frac": crystal.frac.tolist(),
                "species": [symbol_of(int(number)) for number in crystal.numbers],
            }
            stream.write(json.dumps(row) + "\n")
    return file


def test_one_trial_predicts_what_it_stored_for_its_test_part(
    runs, structures, registry
):
    for folder in result_folders(runs):
        predictions = predict([folder, structures], registry, CPU)
        found = {row.id: row.mean for row in predictions.rows}
        assert len(found) == 40
        for name, _, stored in read_result(folder).predictions:
            assert found[name] == pytest.approx(stored, abs=1e-5)
        assert predictions.models[0].unit == "eV/atom"


def test_several_trials_give_their_mean_and_spread(runs, structures, registry):
    singles = [
        predict([folder, structures], registry, CPU) for folder in result_folders(runs)
    ]
    both = predict([runs, structures], registry, CPU)
    assert [model.trials for model in both.models] == [2]
    for row, first, second in zip(
        both.rows, singles[0].rows, singles[1].rows, strict=True
    ):
        assert row.mean == pytest.approx((first.mean + second.mean) / 2)
        assert row.std == pytest.approx(abs(first.mean - second.mean) / 2)


def test_files_in_several_formats_are_read(runs, registry, tmp_path, prepared):
    from pymatgen.core import Lattice, Structure

    structure = Structure.from_spacegroup(
        "Fm-3m", Lattice.cubic(4.0), ["Cu"], [[0, 0, 0]]
    )
    cif, poscar = tmp_path / "copper.cif", tmp_path / "POSCAR"
    structure.to(str(cif))
    structure.to(str(poscar), fmt="poscar")
    rows = predict([runs, cif, poscar], registry, CPU).rows
    assert [row.id for row in rows] == [str(cif), str(poscar)]
    assert rows[0].mean == pytest.approx(rows[1].mean, abs=1e-5)


def test_a_bad_structure_is_an_error_or_left_out_by_name(
    runs, structures, registry, tmp_path
):
    broken = tmp_path / "broken.cif"
    broken.write_text("this is no CIF")
    with pytest.raises(DatasetError, match=r"broken\.cif"):
        predict([runs, structures, broken], registry, CPU)
    predictions = predict([runs, structures, broken], registry, CPU, "skip")
    assert len(predictions.rows) == 40
    assert [row.id for row in predictions.skipped] == [str(broken)]


def test_a_folder_without_trials_is_a_sentence(tmp_path, structures, registry):
    with pytest.raises(TrialError, match="no finished trial"):
        predict([structures], registry, CPU)


def test_trials_without_structures_are_a_sentence(runs, registry):
    with pytest.raises(DatasetError, match="no structures"):
        predict([runs], registry, CPU)


def test_weights_that_are_a_pickle_are_refused(runs, structures, registry, tmp_path):
    import pickle
    import shutil

    folder = tmp_path / "trial"
    shutil.copytree(next(result_folders(runs)), folder)
    (folder / WEIGHTS).write_bytes(pickle.dumps({"network": print}))
    with pytest.raises(TrialError, match=r"weights\.pt: damaged"):
        predict([folder, structures], registry, CPU)


def test_predictions_are_printed_and_written(
    runs, structures, registry, tmp_path, capsys
):
    predictions = predict([runs, structures], registry, CPU)
    print_predictions(predictions)
    assert "eV/atom" in capsys.readouterr().out
    write_predictions(predictions, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    assert rows[0]["unit"] == "eV/atom"
    assert float(rows[0]["prediction"]) == predictions.rows[0].mean


def test_differently_trained_networks_are_different_models(
    runs, structures, small_spec, prepared, registry, silent, tmp_path
):
    longer = make_trial(small_spec.with_epochs(3), prepared.crystals, 0, 0, registry)
    run_trials([longer], prepared, Store(tmp_path / "more"), registry, CPU, silent)
    found = predict([runs, tmp_path / "more", structures], registry, CPU)
    assert sorted(model.trials for model in found.models) == [1, 2]
    assert len({model.spec for model in found.models}) == 2
    assert any("3 epochs" in model.spec for model in found.models)


def test_disordered_structures_are_refused_left_out_or_averaged(
    runs, registry, tmp_path
):
    from pymatgen.core import Lattice, Structure

    cell = Lattice.cubic(3.7)
    frac = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    files = [tmp_path / "gold.cif", tmp_path / "alloy.cif"]
    for file, species in zip(files, ("Au", {"Au": 0.6, "Cu": 0.4}), strict=True):
        Structure(cell, [species] * 4, frac).to(str(file))
    with pytest.raises(DatasetError, match=r"1 of 2 rows have disordered(.|\n)*alloy"):
        predict([runs, *files], registry, CPU)
    found = predict([runs, *files], registry, CPU, on_disorder="skip")
    assert [row.id for row in found.rows] == [str(files[0])]
    assert [row.id for row in found.skipped] == [str(files[1])]
    both = predict([runs, *files], registry, CPU, on_disorder="average").rows
    assert both[0].mean == pytest.approx(found.rows[0].mean, abs=1e-6)
    assert both[1].mean != pytest.approx(both[0].mean, abs=1e-6)
