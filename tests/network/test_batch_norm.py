import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from ngn_core.network.batch_norm import BatchNorm
from ngn_core.network.level_batch import LevelBatch


def rows_of(weight):
    zeros = torch.zeros(len(weight), dtype=torch.long)
    return LevelBatch({}, None, weight, weight, zeros, 1)


def a_pair(seed):
    """Ours and torch's, with the same parameters and running statistics."""
    torch.manual_seed(seed)
    plain = nn.BatchNorm1d(3)
    with torch.no_grad():
        for values in (plain.weight, plain.bias, plain.running_mean):
            values.normal_()
        plain.running_var.uniform_(0.5, 2.0)
    ours = BatchNorm(3)
    state = plain.state_dict()
    del state["num_batches_tracked"]
    ours.load_state_dict(state)
    return ours, plain


@given(st.lists(st.integers(1, 4), min_size=2, max_size=8), st.integers(0, 99))
def test_rows_with_weights_are_repeated_rows(weights, seed):
    ours, plain = a_pair(seed)
    weight = torch.tensor(weights)
    rows = rows_of(weight.double())
    for _ in range(3):
        x = torch.randn(len(weights), 3) * 2 + 1
        wanted = plain(x.repeat_interleave(weight, dim=0))
        found = ours(x, rows).repeat_interleave(weight, dim=0)
        torch.testing.assert_close(found, wanted)
    torch.testing.assert_close(ours.running_mean, plain.running_mean)
    torch.testing.assert_close(ours.running_var, plain.running_var)
    ours.eval()
    plain.eval()
    x = torch.randn(5, 3)
    torch.testing.assert_close(ours(x, rows_of(torch.ones(5))), plain(x))


def test_gradients_are_those_of_repeated_rows():
    ours, plain = a_pair(0)
    weight = torch.tensor([1, 3, 2, 1])
    x = torch.randn(4, 3, requires_grad=True)
    y = x.detach().clone().requires_grad_()
    scale = torch.randn(4, 3)
    (ours(x, rows_of(weight.double())) * scale * weight.unsqueeze(1)).sum().backward()
    repeated = plain(y.repeat_interleave(weight, dim=0))
    (repeated * scale.repeat_interleave(weight, dim=0)).sum().backward()
    torch.testing.assert_close(x.grad, y.grad)
    torch.testing.assert_close(ours.weight.grad, plain.weight.grad)


def test_its_gradients_are_those_of_its_steps():
    norm, _ = a_pair(1)
    weight = torch.tensor([1.0, 3.0, 2.0, 1.0, 4.0])
    x, scale = torch.randn(5, 3, requires_grad=True), torch.randn(5, 3)
    share = (weight / weight.sum()).unsqueeze(1)
    mean = (share * x).sum(0)
    variance = (share * (x - mean).square()).sum(0)
    wanted = (x - mean) / (variance + norm.eps).sqrt() * norm.weight + norm.bias
    inputs = x, norm.weight, norm.bias
    results = [
        [y, *torch.autograd.grad((y * scale).sum(), inputs)]
        for y in (norm(x, rows_of(weight)), wanted)
    ]
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-9)


def test_no_rows_and_one_row_leave_finite_statistics():
    norm = BatchNorm(3)
    assert norm(torch.zeros(0, 3), rows_of(torch.zeros(0))).shape == (0, 3)
    torch.testing.assert_close(norm.running_var, torch.ones(3))
    norm(torch.randn(1, 3), rows_of(torch.ones(1)))
    assert norm.running_var.isfinite().all()
