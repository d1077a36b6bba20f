import csv
from importlib import resources

import numpy as np
import pytest
import torch

from ngn_plugins.embeddings.periodic_table import element_properties

PROPERTIES = ("mass", "radius", "electronegativity", "ionization_energy")


@pytest.fixture
def published(shared):
    """The element table of the reference outputs of coGN."""
    names = ("atomic_mass", "atomic_radius", "electronegativity", "ionization_energy")
    file = shared / "parity" / "cogn" / "weights.npz"
    if not file.is_file():
        pytest.skip(f"the reference outputs are not here: {file}")
    with np.load(file) as arrays:
        properties = np.stack([arrays[f"aux/{name}"] for name in names], axis=1)
        return properties, arrays["aux/oxidation_states"]


@pytest.fixture
def raw():
    """Our file's own properties, NaN where it has none."""
    file = resources.files("ngn_plugins.embeddings") / "periodic_table.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return np.array(
        [[float(row[name] or "nan") for name in PROPERTIES] for row in rows]
    )


def test_the_file_is_the_authors_table(published, raw):
    # their outputs were made without imputation, so of the known values alone
    properties, _ = published
    assert (np.isnan(raw) == np.isnan(properties)).all()
    standardized = (raw - np.nanmean(raw, 0)) / np.nanstd(raw, 0, ddof=1)
    np.testing.assert_allclose(standardized, properties, atol=1e-8)


def test_the_flags_are_the_authors(published):
    flags = element_properties()[:, 4:]
    np.testing.assert_array_equal(flags.numpy(), published[1])


IMPUTED = {"radius": (1, 209.464, 35.299), "electronegativity": (2, 1.62466, 0.61027)}


@pytest.mark.parametrize("name", IMPUTED)
def test_missing_values_are_imputed_before_all_are_standardized(raw, name):
    # mean and deviation of the 118 elements in the authors' runs
    column, mean, deviation = IMPUTED[name]
    found = element_properties()[:, column].numpy()
    assert np.isfinite(found).all()
    assert found.mean() == pytest.approx(0, abs=1e-12)
    assert found.std(ddof=1) == pytest.approx(1)
    known = ~np.isnan(raw[:, column])
    wanted = (raw[known, column] - mean) / deviation
    np.testing.assert_allclose(found[known], wanted, atol=1e-4)
    assert len(set(found[~known])) == 1


def test_each_atom_gets_the_row_of_its_element(use, rows_of):
    embedding = use("periodic_table", width=5).build(None)
    assert embedding.needs == {"atomic_number"}
    assert embedding.width == 5
    numbers = torch.tensor([1, 118, 8, 8])
    found, basis = embedding(rows_of(atomic_number=numbers), None)
    assert basis is None
    for row, number in zip(found, numbers, strict=True):
        properties = embedding.properties[number - 1].float()
        joined = torch.cat([embedding.table.weight[number - 1], properties])
        torch.testing.assert_close(row, embedding.linear(joined))


def test_a_checkpoint_keeps_its_table(use):
    embedding = use("periodic_table", width=5).build(None)
    state = embedding.state_dict()
    state["properties"] = state["properties"] + 1
    other = use("periodic_table", width=5).build(None)
    other.load_state_dict(state)
    torch.testing.assert_close(other.properties, embedding.properties + 1)
