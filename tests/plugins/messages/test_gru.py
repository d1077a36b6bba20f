import torch

import ngn_core.api as ngn
from ngn_plugins.messages.gru import GRU


def test_the_gate_keeps_the_old_where_it_is_told_to():
    gate = GRU(ngn.Options(), 3)
    old, update = torch.randn(5, 3), torch.randn(5, 3)
    _, keep, _ = gate.cell.bias_ih.data.chunk(3)  # reset, update, candidate
    keep.fill_(100.0)
    torch.testing.assert_close(gate(old, update), old)
    keep.fill_(-100.0)
    found = gate(old, update)
    assert (found.abs() < 1).all()
    assert not torch.allclose(found, old)
