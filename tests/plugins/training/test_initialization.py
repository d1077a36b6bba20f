import math

import pytest
import torch
from torch import nn
from torch_geometric.nn.models.dimenet import glorot_orthogonal

import ngn_core.api as ngn
from ngn_plugins.training.initialization import GlorotOrthogonal


@pytest.mark.parametrize("shape", [(7, 5), (5, 7), (6, 6)])
def test_linear_layers_are_drawn_as_in_torch_geometric(shape):
    layer = nn.Linear(*shape)
    torch.manual_seed(0)
    GlorotOrthogonal(ngn.Options()).draw(layer)
    wanted = torch.empty_like(layer.weight)
    torch.manual_seed(0)
    glorot_orthogonal(wanted, scale=2.0)
    torch.testing.assert_close(layer.weight.detach(), wanted)
    assert not layer.bias.any()


def test_rows_of_elements_are_uniform():
    table = nn.Embedding(1000, 8)
    GlorotOrthogonal(ngn.Options()).draw(table)
    assert table.weight.abs().max() <= math.sqrt(3)
    assert abs(table.weight.var().item() - 1) < 0.1


def test_a_layer_of_one_weight_is_drawn_too():
    layer = nn.Linear(1, 1)
    GlorotOrthogonal(ngn.Options()).draw(layer)
    assert layer.weight.isfinite().all()
