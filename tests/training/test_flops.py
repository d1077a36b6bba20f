"""Operations of a layer against their number by hand."""

from __future__ import annotations

import torch

from ngn_core.network.endpoint import Endpoint
from ngn_core.network.joined_linear import JoinedLinear
from ngn_core.network.segments import Segments
from ngn_core.training.flops import flop_counter


def test_products_that_are_added_in_place_count():
    edges, nodes, width = 7, 3, 5
    layer = JoinedLinear([4, 2, 2], width)
    node = torch.rand(nodes, 2)
    ends = [Endpoint(node, Segments(torch.randint(nodes, (edges,)), nodes))] * 2
    with flop_counter() as counter:
        layer(torch.rand(edges, 4), *ends)
    wanted = 2 * width * (edges * 4 + 2 * nodes * 2)
    assert counter.get_total_flops() == wanted
