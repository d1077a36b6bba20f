"""MEGNet's global state: none, numbers, an integer label with an embedding."""

import json

import numpy as np
import pytest
import torch

from ngn_core.checks.parity import parity
from ngn_core.errors import DatasetError, WeightsError
from ngn_core.prediction.predict_checkpoint import predict_published

ROWS = np.array([[0.0, 0.0], [1.0, -0.5], [0.3, 2.0], [-1.0, 0.7]])
"""State of each of four labels."""


@pytest.fixture
def megnet(folder):
    return folder("megnet", {"nacl_prim", "mg_hcp", "co_in_box", "perov5_a"})


def outputs(folder, registry):
    """What the network gives for the key `prediction` of each case, all of it."""
    found = parity(folder, registry)
    return np.array([[one.ours for one in case.outputs] for case in found.cases])


def with_output(change, folder, output):
    change.cases(folder, lambda case: case.update(output=output, activations=[]))


@pytest.fixture
def of_each_label(megnet, registry, change):
    """Predictions with the numbers of each label as the default state."""
    with_output(change, megnet, {"prediction": [0.0]})
    columns = []
    for row in ROWS.tolist():
        change.config(megnet, default_state=row)
        columns.append(outputs(megnet, registry)[:, 0])
    columns = np.stack(columns, axis=1)
    assert (columns.std(axis=1) > 1e-5).all()
    return columns


def labeled(megnet, change, **more):
    """The same network with a label of four as its state."""
    name = "embedding.layer_state_embedding.weight"
    change.config(megnet, ntypes_state=4, default_state=0, **more)
    change.weights(megnet, {name: ROWS})


def test_numbers_of_a_case_take_the_place_of_the_default(
    megnet, registry, change, of_each_label
):
    change.cases(megnet, lambda case: case.update(state=ROWS[2].tolist()))
    np.testing.assert_allclose(outputs(megnet, registry)[:, 0], of_each_label[:, 2])


@pytest.mark.parametrize(
    "output",
    [
        {"prediction": [0.0] * 4},
        {f"prediction_{label}": [0.0] for label in range(4)},
        {f"prediction/label{label}": [0.0] for label in range(4)},
    ],
)
def test_each_label_has_an_output(megnet, registry, change, of_each_label, output):
    labeled(megnet, change)
    with_output(change, megnet, output)
    np.testing.assert_allclose(outputs(megnet, registry), of_each_label)


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["PBE", "GLLB-SC", "HSE", "SCAN"], ["prediction_HSE", "prediction_GLLB-SC"]),
        ({"HSE": 2, "SCAN": 3, "PBE": 0, "GLLB-SC": 1}, ["HSE", "GLLB-SC"]),
    ],
)
def test_labels_may_have_names(megnet, registry, change, of_each_label, names, keys):
    labeled(megnet, change, state_labels=names)
    with_output(change, megnet, {key: [0.0] for key in keys})
    np.testing.assert_allclose(outputs(megnet, registry), of_each_label[:, [2, 1]])


def test_a_label_of_a_case_is_its_state(megnet, registry, change, of_each_label):
    labeled(megnet, change)
    change.cases(megnet, lambda case: case.update(state=3))
    np.testing.assert_allclose(outputs(megnet, registry)[:, 0], of_each_label[:, 3])


def test_a_label_is_asked_for_and_predicts(megnet, registry, change, of_each_label):
    labeled(megnet, change, state_labels=["PBE", "GLLB-SC", "HSE", "SCAN"])
    case = json.loads((megnet / "cases.jsonl").read_text().splitlines()[0])
    given = case["structure"]
    row = {"id": case["id"], "lattice": given["lattice"]}
    row |= {"frac": given["frac_coords"], "species": given["species"]}
    structures = megnet / "data.jsonl"
    structures.write_text(json.dumps(row) + "\n")

    def predicted(state):
        found = predict_published(
            megnet, [structures], registry, torch.device("cpu"), state=state
        )
        (row,) = found.rows
        return row.mean

    assert predicted("HSE") == pytest.approx(of_each_label[0, 2])
    assert predicted("SCAN") == pytest.approx(of_each_label[0, 3])
    for wrong in (None, "LDA"):
        with pytest.raises(DatasetError, match="one of PBE, GLLB-SC, HSE, SCAN"):
            predicted(wrong)


def test_without_a_state_it_is_the_network_that_does_not_look_at_it(
    megnet, registry, change
):
    # zero where the state enters, then the same without the state
    with np.load(megnet / "weights.npz") as arrays:
        weights = {name: arrays[name].copy() for name in arrays.files}
    wide, narrow, gone = {}, {}, [name for name in weights if "state" in name]
    for name, array in weights.items():
        entered = name.endswith(
            ("edge_func.layers.0.weight", "node_func.layers.0.weight")
        )
        if name == "output_proj.layers.0.weight" or ("conv" in name and entered):
            kept = array.shape[1] - 32
            narrow[name] = array[:, :kept]
            array[:, kept:] = 0
            wide[name] = array
    with_output(change, megnet, {"prediction": [0.0]})
    change.weights(megnet, wide)
    expected = outputs(megnet, registry)
    change.weights(megnet, narrow, removed=gone)
    change.config(megnet, include_state=False)
    np.testing.assert_allclose(outputs(megnet, registry), expected)


def test_the_two_directions_differ_where_edges_are_not_symmetric(
    megnet, registry, change
):
    assert parity(megnet, registry).passed
    change.config(megnet, message_receiver="start of the bond = centre")
    assert not parity(megnet, registry).passed


def test_another_activation_is_another_network(megnet, registry, change):
    change.config(megnet, activation_type="swish")
    found = parity(megnet, registry)
    assert not found.passed
    assert torch.isfinite(torch.tensor(list(found.worst.values()))).all()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"activation_type": "relu"}, "activation_type: found 'relu'"),
        ({"is_classification": True}, "is_classification"),
        ({"message_receiver": "somewhere"}, "message_receiver: found 'somewhere'"),
        ({"element_types": ["H", "He"]}, "element_types: 2 symbols"),
        ({"bond_expansion": {}}, "bond_expansion"),
    ],
)
def test_what_the_network_cannot_have_is_a_sentence(
    megnet, registry, change, values, sentence
):
    change.config(megnet, **values)
    with pytest.raises(WeightsError, match=sentence):
        parity(megnet, registry)


def test_a_label_that_there_is_not_is_a_sentence(megnet, registry, change):
    labeled(megnet, change)
    with_output(change, megnet, {"prediction_7": [0.0]})
    with pytest.raises(WeightsError, match="the state '7' is none of 0, 1, 2, 3"):
        parity(megnet, registry)
