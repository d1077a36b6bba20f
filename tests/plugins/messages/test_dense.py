"""Laws of the dense block."""

import pytest
import torch

import ngn_core.api as ngn
from ngn_plugins.messages.dense import Dense


@pytest.fixture
def block():
    torch.manual_seed(0)

    def build(**options):
        given = Dense.Options(growth=3, width=5, **options)
        return Dense(given, ngn.Dims(node=4, edge=2))

    return build


def test_a_block_keeps_what_it_was_given_and_adds_to_it(block):
    dense = block()
    node, received = torch.randn(6, 4), torch.randn(6, 5)
    updated = dense.update_node(node, received, None, None)
    assert dense.node_width == updated.shape[1] == 7
    assert torch.equal(updated[:, :4], node)
    assert updated[:, 4:].abs().sum() > 0


def test_later_blocks_reach_the_first_features(network_of):
    network = network_of("ngn")
    widths = [block.hooks.node_width for block in network.blocks]
    growth = network.blocks[0].hooks.options.growth
    steps = {late - early for early, late in zip(widths, widths[1:], strict=False)}
    assert steps == {growth}
    for block in network.blocks[1:]:
        assert block.hooks.message_mlp.first.in_features > 2 * widths[0]


def test_dropout_leaves_out_what_is_added_and_nothing_in_evaluation(block):
    dense = block(dropout=0.5)
    node, received = torch.randn(400, 4), torch.randn(400, 5)
    kept = dense.eval().update_node(node, received, None, None)
    dropped = dense.train().update_node(node, received, None, None)
    assert torch.equal(dropped[:, :4], node)
    share = (dropped[:, 4:] == 0).double().mean().item()
    assert share == pytest.approx(0.5, abs=0.1)
    left = dropped[:, 4:] != 0
    assert torch.allclose(dropped[:, 4:][left], 2 * kept[:, 4:][left])
    assert torch.equal(dense.eval().update_node(node, received, None, None), kept)


@pytest.mark.parametrize("wrong", [{"growth": 0}, {"dropout": 1.0}])
def test_options_without_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Dense.Options(**{"growth": 3, "width": 5, **wrong})
