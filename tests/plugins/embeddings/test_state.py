import torch


def test_a_constant_is_the_same_for_every_crystal(use, rows_of):
    embedding = use("constant", values=(0.1, 0.2)).build(None)
    assert embedding.width == 2
    assert embedding.needs == frozenset()
    found = embedding(rows_of(atoms=torch.ones(3)), None).features
    wanted = torch.tensor([[0.1, 0.2]] * 3, dtype=torch.float64)
    assert found.equal(wanted)


def test_a_number_is_the_column(use, rows_of):
    embedding = use("number").build(None)
    assert embedding.width == 1
    assert embedding.needs == {"state"}
    found = embedding(rows_of(state=torch.tensor([0.5, 2.0])), None).features
    assert found.tolist() == [[0.5], [2.0]]


def test_a_label_has_a_row_of_its_own(use, rows_of):
    embedding = use("label", labels=("pbe", "hse"), width=3).build(None)
    assert embedding.width == 3
    assert embedding.needs == {"state"}
    found = embedding(rows_of(state=torch.tensor([1.0, 0.0, 1.0])), None).features
    wanted = embedding.table.weight[[1, 0, 1]]
    torch.testing.assert_close(found, wanted)
