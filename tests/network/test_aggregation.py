from typing import NamedTuple

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from ngn_core.network.aggregation import Aggregation
from ngn_core.network.segments import Segments


class Two(NamedTuple):
    one: Tensor
    other: Tensor | None


@st.composite
def reductions(draw):
    """An Aggregation with whole weights, and what it is when each item is repeated."""
    size = draw(st.integers(1, 4))
    target = st.integers(0, size - 1)
    items = draw(st.lists(st.tuples(target, st.integers(1, 4)), max_size=8))
    index = torch.tensor([target for target, _ in items], dtype=torch.long)
    weight = torch.tensor([float(weight) for _, weight in items])
    copies = torch.repeat_interleave(torch.arange(len(items)), weight.long())
    torch.manual_seed(draw(st.integers(0, 99)))
    return (
        Aggregation(Segments(index, size), weight),
        copies,
        torch.randn(len(items), 3),
    )


def members(onto, copies, target):
    return [k for k in copies.tolist() if onto.index[k] == target]


@given(reductions())
def test_sums_means_and_maxima_count_a_thing_as_often_as_it_weighs(drawn):
    onto, copies, rows = drawn
    found = onto.sum(rows), onto.mean(rows), onto.max(rows)
    for target in range(onto.size):
        repeated = [rows[k] for k in members(onto, copies, target)]
        assert onto.count()[target] == len(repeated)
        wanted = [torch.zeros(3)] * 3
        if repeated:
            stacked = torch.stack(repeated)
            wanted = stacked.sum(0), stacked.mean(0), stacked.max(0).values
        for one, two in zip(found, wanted, strict=True):
            torch.testing.assert_close(one[target], two)


@given(reductions(), st.sampled_from([1.0, 1e3]))
def test_a_softmax_is_over_all_copies(drawn, scale):
    onto, copies, rows = drawn
    scores = rows * scale
    found = onto.softmax(scores)
    for target in range(onto.size):
        inside = members(onto, copies, target)
        if inside:
            wanted = torch.softmax(torch.stack([scores[k] for k in inside]), 0)
            torch.testing.assert_close(found[inside], wanted)
            torch.testing.assert_close(onto.sum(found)[target], torch.ones(3))


@given(reductions(), st.sampled_from(["sum", "mean", "max"]))
def test_a_reduction_goes_through_every_field_of_any_shape(drawn, name):
    onto, _, rows = drawn
    reduce = getattr(onto, name)
    cube = torch.stack([rows, -rows, rows * 2], dim=1)
    found = reduce(Two(cube, None))
    assert isinstance(found, Two)
    assert found.other is None
    assert found.one.shape == (onto.size, 3, 3)
    torch.testing.assert_close(found.one[:, 1], reduce(-rows))
    assert reduce(None) is None


@given(reductions(), st.randoms(use_true_random=False))
def test_the_order_of_things_means_nothing(drawn, random):
    onto, _, rows = drawn
    order = list(range(len(rows)))
    random.shuffle(order)
    other = Aggregation(Segments(onto.index[order], onto.size), onto.weight[order])
    for name in ("sum", "mean", "max"):
        found = getattr(other, name)(rows[order])
        torch.testing.assert_close(found, getattr(onto, name)(rows))


@pytest.mark.parametrize("name", ["sum", "mean", "max", "softmax"])
def test_gradients_are_finite_where_nothing_arrives(name):
    onto = Aggregation(
        Segments(torch.tensor([0, 0, 2]), 4), torch.tensor([1.0, 2.0, 3.0])
    )
    rows = torch.randn(3, 2, requires_grad=True)
    getattr(onto, name)(rows).square().sum().backward()
    assert rows.grad.isfinite().all()
