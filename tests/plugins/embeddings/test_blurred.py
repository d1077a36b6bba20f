import pytest
import torch

LENGTH = {"of": "length", "bins": 4, "stop": 8.0}


@pytest.fixture
def edges(rows_of):
    return rows_of(length=torch.full((4096,), 3.0), area=torch.rand(4096))


@pytest.fixture
def plain(use):
    return use("gaussian", **LENGTH)


def test_predictions_are_of_the_values_themselves(use, edges, plain):
    blurred = use("blurred", of=plain, by=0.5).build(None).eval()
    wanted = plain.build(None)(edges, None).features
    torch.testing.assert_close(blurred(edges, None).features, wanted, rtol=0, atol=0)


def test_training_sees_values_spread_by_as_much_as_is_said(use, edges):
    torch.manual_seed(0)
    lengths = use("column", of="length", scale=1.0)
    blurred = use("blurred", of=lengths, by=0.25).build(None).train()
    seen = blurred(edges, None).features
    assert seen.mean().item() == pytest.approx(3.0, abs=0.02)
    assert seen.std().item() == pytest.approx(0.25, rel=0.05)
    again = blurred(edges, None).features
    assert not torch.equal(seen, again)
    assert torch.equal(edges.columns["length"], torch.full((4096,), 3.0))


def test_only_a_column_that_is_read_can_be_blurred(use, plain):
    with pytest.raises(Exception, match="length"):
        use("blurred", of=plain, by=0.1, column="area").build(None)
