import pytest
import torch

from ngn_plugins.embeddings import Column


def column(**options):
    return Column(Column.Options(**options), None)


def test_numbers_are_centered_and_scaled(rows_of):
    embedding = column(of="temperature", center=300.0, scale=100.0)
    assert embedding.needs == {"temperature"}
    found, basis = embedding(rows_of(temperature=torch.tensor([300.0, 500.0])), None)
    assert found.tolist() == [[0.0], [2.0]]
    assert basis is None


def test_whole_numbers_become_real_ones(rows_of):
    found, _ = column(of="tag")(rows_of(tag=torch.tensor([1, 2])), None)
    assert found.tolist() == [[1.0], [2.0]]
    assert found.is_floating_point()


def test_several_numbers_a_row_have_their_width(rows_of):
    values = torch.arange(6.0).view(2, 3)
    found, _ = column(of="forces", width=3)(rows_of(forces=values), None)
    assert torch.equal(found, values)
    with pytest.raises(ValueError, match="'forces' has 3 numbers a row; .* width: 1"):
        column(of="forces")(rows_of(forces=values), None)
