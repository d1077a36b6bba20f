"""Published weights that do not fit: each a sentence, naming what."""

import json
import pickle

import numpy as np
import pytest
import torch

from ngn_core.errors import SpecError, WeightsError
from ngn_core.pretrained.checkpoint import read_published

BLOCK = r"blocks\.0\.hooks\.update\.weight of network\.blocks\.0 \(schnet\)"


def network(folder, registry, name="schnet", *assignments):
    published = read_published(folder, registry)
    spec = published.spec(registry, name, assignments)
    return published.network(spec, torch.float64)


def change(folder, changed=None, removed=()):
    with np.load(folder / "weights.npz") as arrays:
        found = {name: arrays[name] for name in arrays.files if name not in removed}
    np.savez(folder / "weights.npz", **(found | (changed or {})))


def configure(folder, **values):
    file = folder / "config.json"
    config = json.loads(file.read_text()) | values
    file.write_text(json.dumps({k: v for k, v in config.items() if v is not ...}))


def test_every_tensor_of_the_network_is_the_files(reference_folder, registry):
    built = network(reference_folder, registry)
    with np.load(reference_folder / "weights.npz") as arrays:
        update = arrays["interactions.0.lin.weight"]
        table = arrays["embedding.weight"]
    np.testing.assert_array_equal(built.blocks[0].hooks.update.weight.detach(), update)
    rows = built.embeddings.levels["node"].table.weight.detach()
    np.testing.assert_array_equal(rows[: len(table)], table)
    assert rows[len(table) :].isnan().all()  # elements that it does not know
    assert not built.training


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("interactions.0.lin.weight", BLOCK),
        ("embedding.weight", r"network\.embed\.node \(element\)"),
        ("lin2.bias", r"network\.readout \(atomwise\)"),
    ],
)
def test_a_missing_tensor_is_named_with_its_place(
    reference_folder, registry, name, place
):
    change(reference_folder, removed=[name])
    with pytest.raises(WeightsError, match=rf"array {name} is missing.*{place}"):
        network(reference_folder, registry)


def test_an_extra_tensor_is_named(reference_folder, registry):
    change(reference_folder, {"lin3.weight": np.zeros((1, 4))})
    with pytest.raises(WeightsError, match=r"lin3\.weight has no place"):
        network(reference_folder, registry)


def test_a_misshapen_tensor_is_named_with_both_shapes(reference_folder, registry):
    change(reference_folder, {"interactions.0.lin.weight": np.zeros((8, 9))})
    sentence = rf"interactions\.0\.lin\.weight .*\[8, 9\]; {BLOCK} takes \[8, 8\]"
    with pytest.raises(WeightsError, match=sentence):
        network(reference_folder, registry)


def test_a_table_of_another_rank_is_named(reference_folder, registry):
    change(reference_folder, {"embedding.weight": np.zeros(3)})
    with pytest.raises(WeightsError, match=r"embedding\.weight \[3\] .*element"):
        network(reference_folder, registry)


def test_two_tensors_that_should_be_one_are_compared(reference_folder, registry):
    with np.load(reference_folder / "weights.npz") as arrays:
        twice = arrays["interactions.0.mlp.0.weight"]
    name = "interactions.0.conv.nn.0.weight"
    change(reference_folder, {name: twice})
    network(reference_folder, registry)
    change(reference_folder, {name: twice + 1})
    with pytest.raises(WeightsError, match=rf"{name} differs from"):
        network(reference_folder, registry)


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda file: file.write_bytes(pickle.dumps({"a": 1})), "a pickle"),
        (lambda file: torch.save({"a": torch.ones(2)}, file), "a pickle of torch's"),
        (
            lambda file: np.savez(file, a=np.array([{}], dtype=object)),
            "a is not an array of real numbers",
        ),
        (lambda file: np.savez(file, a=np.array(["x"])), "a is not an array of"),
        (lambda file: np.savez(file, a=np.array([1j])), r"\(complex numbers\)"),
        (lambda file: file.write_bytes(file.read_bytes()[:900]), "cut off"),
        (lambda file: file.write_text("weights"), "no npz file"),
        (lambda file: file.unlink(), "no such file"),
    ],
)
def test_what_is_no_file_of_tensors_is_not_opened(
    reference_folder, registry, write, sentence
):
    write(reference_folder / "weights.npz")
    with pytest.raises(WeightsError, match=sentence):
        network(reference_folder, registry)


def test_a_width_that_differs_names_key_and_tensor(reference_folder, registry):
    sentence = r"takes \[16, 6\]"
    with pytest.raises(WeightsError, match=sentence):
        network(reference_folder, registry, "schnet", "network.embed.node.width=16")
    configure(reference_folder, num_filters=7)
    with pytest.raises(WeightsError, match=r"network\.blocks\.0 \(schnet\) takes"):
        network(reference_folder, registry)


@pytest.mark.parametrize(
    ("values", "error", "sentence"),
    [
        ({"cutoff": ...}, WeightsError, "no key 'cutoff'"),
        ({"architecture": "SchNett"}, WeightsError, "Did you mean 'SchNet'"),
        ({"architecture": ...}, WeightsError, "architecture: found None"),
        ({"num_gaussians": 6}, WeightsError, "num_gaussians"),
        ({"num_interactions": 0}, SpecError, r"config\.json: network\.blocks\.0\.rep"),
        ({"gaussian": 3}, WeightsError, "importer pyg_schnet says"),
    ],
)
def test_a_config_that_cannot_be_is_a_sentence(
    reference_folder, registry, values, error, sentence
):
    configure(reference_folder, **values)
    with pytest.raises(error, match=sentence):
        network(reference_folder, registry)


def test_a_folder_without_a_config_is_a_sentence(tmp_path, registry):
    with pytest.raises(WeightsError, match="no readable file"):
        read_published(tmp_path, registry)
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(WeightsError, match="found list; expected a mapping"):
        read_published(tmp_path, registry)
