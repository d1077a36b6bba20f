import torch

from ngn_plugins import embeddings


def test_the_package_gives_its_embeddings():
    components = embeddings.ngn_register_embeddings()
    names = {c.name for c in components}
    assert names >= {"basis", "concat", "element", "gaussian", "periodic_table"}
    assert len(names) == len(components)
    for component in components:
        fields = component.Options.model_fields.values()
        assert all(field.description for field in fields)


def test_atoms_of_an_element_share_a_row(use, rows_of):
    embedding = use("element", width=3).build(None)
    assert embedding.width == 3
    assert embedding.needs == {"atomic_number"}
    numbers = torch.tensor([1, 118, 1])
    found, _ = embedding(rows_of(atomic_number=numbers), None)
    torch.testing.assert_close(found, embedding.table.weight[[1, 118, 1]])
