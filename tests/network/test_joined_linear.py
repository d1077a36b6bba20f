import pytest
import torch
from torch import nn

from ngn_core.network.endpoint import Endpoint
from ngn_core.network.joined_linear import JoinedLinear
from ngn_core.network.mlp import MLP
from ngn_core.network.segments import Segments


def parts_of(seed):
    torch.manual_seed(seed)
    index = torch.tensor([0, 2, 2, 1, 0, 2, 1])
    edge, node, state = torch.randn(7, 3), torch.randn(3, 4), torch.randn(2, 5)
    crystal = torch.tensor([0, 0, 1, 1, 0, 1, 0])
    ends = [Endpoint(node, Segments(end, 3)) for end in (index, index.flip(0))]
    return edge, *ends, Endpoint(state, Segments(crystal, 2))


def gathered(part):
    return part.features if isinstance(part, Endpoint) else part


@pytest.mark.parametrize("bias", [True, False])
def test_it_is_the_linear_layer_of_the_concatenation(bias):
    parts = parts_of(0)
    joined = JoinedLinear([3, 4, 4, 5], 6, bias=bias)
    plain = nn.Linear(16, 6, bias=bias)
    plain.load_state_dict(joined.state_dict())
    wanted = plain(torch.cat([gathered(part) for part in parts], dim=1))
    torch.testing.assert_close(joined(*parts), wanted)


def test_endpoints_alone_are_joined_too():
    _, sender, receiver, _ = parts_of(1)
    joined = JoinedLinear([4, 4], 2)
    plain = nn.Linear(8, 2)
    plain.load_state_dict(joined.state_dict())
    wanted = plain(torch.cat([sender.features, receiver.features], dim=1))
    torch.testing.assert_close(joined(sender, receiver), wanted)


def test_an_endpoint_is_multiplied_before_it_is_gathered():
    _, sender, receiver, _ = parts_of(2)
    seen = []
    for end in (sender, receiver):
        end.map(lambda source: seen.append(len(source)) or source)
    assert seen == [3, 3]


def test_absent_parts_are_left_out():
    edge, sender, _, state = parts_of(3)
    joined = JoinedLinear([None, 4, None], 2)
    assert joined.weight.shape == (2, 4)
    absent = Endpoint(None, sender.segments)
    wanted = nn.functional.linear(sender.features, joined.weight, joined.bias)
    torch.testing.assert_close(joined(None, sender, absent), wanted)


def test_a_part_that_is_missing_is_named_by_its_width():
    with pytest.raises(ValueError, match="width 4, got None"):
        JoinedLinear([3, 4], 2)(torch.randn(5, 3), None)


def test_every_part_is_given_and_one_at_least_is_there():
    edge, sender, *_ = parts_of(4)
    with pytest.raises(ValueError, match="zip"):
        JoinedLinear([3, 4], 2)(edge)
    with pytest.raises(ValueError, match="zip"):
        JoinedLinear([3], 2)(edge, sender)
    with pytest.raises(ValueError, match="all are absent"):
        JoinedLinear([None, None], 2)


def test_an_mlp_is_its_layers_and_activations():
    edge, sender, *_ = parts_of(4)
    mlp = MLP([3, 4], [6, 5, 2], "silu", activate_last=False)
    assert mlp.width == 2
    x = torch.cat([edge, sender.features], dim=1)
    for layer in (mlp.first, *mlp.rest):
        x = nn.functional.linear(x, layer.weight, layer.bias)
        last, x = x, nn.functional.silu(x)
    torch.testing.assert_close(mlp(edge, sender), last)
    mlp.activate_last = True
    torch.testing.assert_close(mlp(edge, sender), x)
