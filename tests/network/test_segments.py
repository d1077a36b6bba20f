"""The sums over bags are the plain gathers and sums, with their gradients."""

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

from ngn_core.network import segments as module
from ngn_core.network.segments import Segments, gather, segment_sum

SHAPES = [(3,), (1,), (2, 3), ()]


def a_case(seed, shape=(3,)):
    """Two sources of 5 and 4 rows, 9 items that point at them, and their weights."""
    torch.manual_seed(seed)
    sizes = (5, 4)
    sources = [torch.randn(size, *shape) for size in sizes]
    segments = [Segments(torch.randint(0, size - 1, (9,)), size) for size in sizes]
    return sources, segments, torch.randint(1, 4, (9,)).double(), torch.randn(9, *shape)


@pytest.fixture
def plainly(monkeypatch):
    """A function that calls another without bags."""

    def call(function, *arguments):
        with monkeypatch.context() as context:
            context.setattr(module, "_in_bags", lambda rows: False)
            return function(*arguments)

    return call


def with_gradients(function, inputs, scale):
    inputs = [one.clone().requires_grad_() for one in inputs]
    found = function(*inputs)
    found.backward(scale(found))
    return [found.detach(), *(one.grad for one in inputs)]


def same(found, wanted):
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 2])
def test_a_gather_is_the_plain_one(plainly, shape, count):
    sources, segments, _, scale = a_case(0, shape)
    given = (
        lambda *rows: gather(rows, segments[:count]),
        sources[:count],
        lambda found: scale,
    )
    same(with_gradients(*given), plainly(with_gradients, *given))
    (first, *_) = with_gradients(*given)
    wanted = [
        source[target.index]
        for source, target in zip(sources[:count], segments, strict=False)
    ]
    torch.testing.assert_close(first, sum(wanted))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sum_is_the_plain_one(plainly, shape):
    _, (segments, _), weight, items = a_case(1, shape)
    given = (
        lambda rows: segment_sum(rows, weight, segments),
        [items],
        lambda found: torch.arange(found.numel()).view_as(found).double(),
    )
    found = with_gradients(*given)
    same(found, plainly(with_gradients, *given))
    for row in range(segments.size):
        here = segments.index == row
        wanted = torch.tensordot(weight[here], items[here], dims=1)
        torch.testing.assert_close(found[0][row], wanted)


def test_gradients_have_gradients():
    sources, segments, weight, items = a_case(2)
    sources = [source.requires_grad_() for source in sources]

    def both(*rows):
        return gather(rows, segments).square()

    def onto(rows):
        return segment_sum(rows, weight, segments[0]).square()

    for function, given in ((both, sources), (onto, [items.requires_grad_()])):
        assert gradcheck(function, given)
        assert gradgradcheck(function, given)


def test_what_needs_no_gradient_gets_none():
    (one, other), segments, _, _ = a_case(3)
    gather([one.requires_grad_(), other], segments).sum().backward()
    assert one.grad is not None
    assert other.grad is None


def test_nothing_may_point_at_rows_or_at_no_row():
    nothing = Segments(torch.zeros(0, dtype=torch.long), 4)
    assert gather([torch.randn(4, 3)], [nothing]).shape == (0, 3)
    empty = torch.zeros(0, 3)
    zeros = torch.zeros(4, 3)
    torch.testing.assert_close(segment_sum(empty, torch.zeros(0), nothing), zeros)
