"""Models that travel: exported, read again, refused where damaged."""

from __future__ import annotations

import json
import shutil
import sys

import pytest
import torch
from safetensors.torch import load_file

from fixtures.trials import run_trials
from ngn_core.errors import TrialError, WeightsError
from ngn_core.experiment.store import Store, result_folders
from ngn_core.experiment.trial import make_trial
from ngn_core.prediction.calibrated import read_calibrated
from ngn_core.prediction.export import CARD, CONFIG, RESIDUALS, TENSORS, export
from ngn_core.prediction.hub import push_to_hub
from ngn_core.prediction.predict import predict

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def runs(committee):
    return committee


@pytest.fixture(scope="module")
def exported(runs, registry, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "model"
    export(read_calibrated([runs], registry), folder, "cc-by-4.0")
    return folder


@pytest.fixture
def copper(tmp_path):
    from pymatgen.core import Lattice, Structure

    file = tmp_path / "copper.cif"
    Structure.from_spacegroup("Fm-3m", Lattice.cubic(3.6), ["Cu"], [[0, 0, 0]]).to(
        str(file)
    )
    return file


@pytest.fixture
def damaged(exported, tmp_path):
    return shutil.copytree(exported, tmp_path / "damaged")


def test_an_exported_model_predicts_to_the_bit_what_its_trials_do(
    runs, exported, copper, registry
):
    ours = predict([runs, copper], registry, CPU)
    theirs = predict([copper], registry, CPU, exported=exported)
    assert theirs.rows == ours.rows
    assert theirs.models[0].trials == 4


def test_it_knows_the_errors_and_the_domain_of_its_trials(runs, exported, registry):
    from ngn_core.prediction.export import read_exported

    ours, theirs = read_calibrated([runs], registry), read_exported(exported, registry)
    assert ours.residuals.keys() == theirs.residuals.keys() == {0, 1}
    for fold, values in ours.residuals.items():
        assert values.tolist() == theirs.residuals[fold].tolist()
    assert ours.domain.plain() == theirs.domain.plain()
    assert theirs.domain.formulas == {}


def test_the_residuals_are_those_of_the_mean_over_seeds(runs, registry):
    from ngn_core.experiment.result import read_result

    model = read_calibrated([runs], registry)
    results = [read_result(folder) for folder in result_folders(runs)]
    first, second = (
        {name: value for name, _, value in result.predictions}
        for result in results
        if result.fold == 0
    )
    targets = {n: t for r in results if r.fold == 0 for n, t, _ in r.predictions}
    expected = sorted(abs((first[n] + second[n]) / 2 - targets[n]) for n in targets)
    assert model.residuals[0].tolist() == pytest.approx(expected)


def test_the_folder_is_that_of_the_hub(exported, prepared):
    from huggingface_hub import ModelCard

    card = ModelCard.load(exported / CARD)
    assert card.data.library_name == "ngn"
    assert card.data.eval_results[0].dataset_name == prepared.crystals.called
    text = (exported / CARD).read_text(encoding="utf-8")
    for said in ("cc-by-4.0", "eV/atom", "sha256", "hardware", "torch"):
        assert said in text
    names = load_file(exported / TENSORS)
    assert {name[: len("fold0.seed0")] for name in names} == {
        f"fold{fold}.seed{seed}" for fold in (0, 1) for seed in (0, 1)
    }


def test_no_id_and_no_target_of_the_data_travels(exported, prepared):
    ids = prepared.crystals.ids
    for name in (CONFIG, RESIDUALS, CARD):
        text = (exported / name).read_text(encoding="utf-8")
        assert not [one for one in ids if f'"{one}"' in text or f"\n{one}," in text]


def test_equal_models_give_equal_files(runs, exported, registry, tmp_path):
    export(read_calibrated([runs], registry), tmp_path / "again", "cc-by-4.0")
    for file in exported.iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_a_folder_that_is_there_is_left_alone(runs, exported, registry):
    with pytest.raises(WeightsError, match="is there already"):
        export(read_calibrated([runs], registry), exported)


def test_cut_off_weights_are_a_sentence(damaged, copper, registry):
    whole = (damaged / TENSORS).read_bytes()
    (damaged / TENSORS).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match=r"model\.safetensors: no whole file"):
        predict([copper], registry, CPU, exported=damaged)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON"),
        ('{"architecture": "cgcnn"}', "ngn_model None"),
        ("[]", "ngn_model None"),
        ('{"ngn_model": 1}', "damaged .KeyError"),
        ('{"ngn_model": 1, "training": null, "trials": [{}]}', "damaged .KeyError"),
        ('{"ngn_model": 1, "training": null, "trials": []}', "holds no trial"),
    ],
)
def test_a_foreign_or_damaged_config_is_a_sentence(
    damaged, copper, registry, content, said
):
    (damaged / CONFIG).write_text(content)
    with pytest.raises(WeightsError, match=said):
        predict([copper], registry, CPU, exported=damaged)


def test_a_folder_of_something_else_is_a_sentence(tmp_path, copper, registry):
    with pytest.raises(WeightsError, match=r"config\.json: No such file.*ngn export"):
        predict([copper], registry, CPU, exported=tmp_path)


def test_weights_of_another_spec_are_a_sentence(damaged, copper, registry):
    config = json.loads((damaged / CONFIG).read_text(encoding="utf-8"))
    config["trials"][0]["fold"] = 7
    (damaged / CONFIG).write_text(json.dumps(config))
    with pytest.raises(WeightsError, match=r"weights under fold7\.seed0\. are not"):
        predict([copper], registry, CPU, exported=damaged)


def test_several_models_are_told_apart_by_spec(
    runs, registry, small_spec, prepared, silent, tmp_path
):
    more = tmp_path / "more"
    other = make_trial(small_spec.with_epochs(2), prepared.crystals, 0, 0, registry)
    run_trials([other], prepared, Store(more), registry, CPU, silent)
    with pytest.raises(TrialError, match="several models"):
        read_calibrated([runs, more], registry)
    with pytest.raises(TrialError, match="no trial of a network with spec megnet"):
        read_calibrated([runs], registry, "megnet")
    with pytest.raises(TrialError, match="no finished trial"):
        read_calibrated([tmp_path], registry)


def test_the_hub_gets_the_folder(exported, monkeypatch):
    calls = []

    class Api:
        def create_repo(self, name, private, exist_ok):
            calls.append(("create", name, private, exist_ok))
            return f"https://huggingface.co/{name}"

        def upload_folder(self, repo_id, folder_path, commit_message):
            calls.append(("upload", repo_id, folder_path))

    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "HfApi", Api)
    assert push_to_hub(exported, "me/alloys") == "https://huggingface.co/me/alloys"
    assert calls == [
        ("create", "me/alloys", True, True),
        ("upload", "me/alloys", exported),
    ]


def test_a_hub_that_refuses_is_a_sentence(exported, monkeypatch):
    import huggingface_hub

    class Api:
        def create_repo(self, *values, **more):
            raise OSError("no network")

    monkeypatch.setattr(huggingface_hub, "HfApi", Api)
    with pytest.raises(WeightsError, match="me/alloys: no network; the folder"):
        push_to_hub(exported, "me/alloys")


def test_without_huggingface_hub_the_extra_is_named(exported, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(WeightsError, match=r"ngn\[hub\]"):
        push_to_hub(exported, "me/alloys")
