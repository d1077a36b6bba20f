"""Batches of about as many edges: the same graphs each epoch, the same means."""

from __future__ import annotations

import pytest
import torch

from ngn_core.spec.load import override_spec
from ngn_core.training.batches import Batches
from ngn_core.training.distributed.balance import balance_edges
from ngn_core.training.loop_data import LoopData
from ngn_core.training.stop import Stopped

CPU = torch.device("cpu")


def drawn_edges(count, seed=0):
    """Return numbers of edges as unlike as those of crystals are."""
    generator = torch.Generator().manual_seed(seed)
    return (5 * torch.rand(count, generator=generator) ** -1.5).long()


@pytest.mark.parametrize("count", [50, 200, 1001])
@pytest.mark.parametrize("pieces", [1, 2, 7, 20])
def test_no_piece_is_off_by_more_than_the_edges_of_one_graph(count, pieces):
    edges = drawn_edges(count).clamp(max=200)
    ends = balance_edges(edges, pieces)
    sums = [part.sum().item() for part in edges.tensor_split(ends[:-1])]
    assert len(sums) == pieces
    share = edges.sum().item() / pieces
    assert all(abs(found - share) <= edges.max().item() for found in sums)


@pytest.mark.parametrize("least", [1, 3])
def test_every_piece_has_its_least_graphs_whatever_their_edges(least):
    for edges in ([1000, *[1] * 9], [*[1] * 9, 1000], [0] * 10, [1] * 10):
        for pieces in range(1, 10 // least + 1):
            ends = [0, *balance_edges(torch.tensor(edges), pieces, least)]
            sizes = torch.tensor(ends).diff().tolist()
            assert len(sizes) == pieces
            assert min(sizes[:-1], default=least) >= least
            assert sizes[-1] >= 1
            assert sum(sizes) == 10


@pytest.mark.parametrize("parts", [1, 2, 8])
@pytest.mark.parametrize("count", [3, 8, 29, 200])
def test_an_epoch_has_every_graph_once_and_each_of_a_batch_weighs_the_same(
    count, parts
):
    loaders = LoopData(
        torch.arange(count), torch.arange(0), 8, 0, CPU, parts, drawn_edges(count)
    )
    handed = list(loaders.train_dataloader())
    assert len(handed) == len(loaders.train_dataloader())
    assert len(loaders.train_dataloader().sizes) == -(-count // 8)
    assert sorted(torch.cat(handed).tolist()) == list(range(count))
    shares = [loaders.weight(i, len(part)) / parts for i, part in enumerate(handed)]
    weights = [
        share / len(part) for share, part in zip(shares, handed, strict=True)
    ]  # of each graph
    for step, size in enumerate(loaders.train_dataloader().sizes):
        own = slice(step * parts, (step + 1) * parts)
        assert sum(shares[own]) == pytest.approx(1.0)
        assert weights[own] == pytest.approx([1 / size] * len(weights[own]))


def test_the_order_is_of_seed_and_epoch_alone():
    edges = drawn_edges(100)
    first, again, other = (
        [
            batch.tolist()
            for batch in Batches(torch.arange(100), 8, CPU, order, 1, 0, edges)
        ]
        for order in (5, 5, 6)
    )
    assert first == again
    assert first != other
    assert sum(first, []) == sum(
        (batch.tolist() for batch in Batches(torch.arange(100), 8, CPU, 5)), []
    )


def test_batches_by_edges_are_more_alike_than_batches_by_crystals():
    edges = drawn_edges(640).clamp(max=400)
    spread = []
    for by in (None, edges):
        batches = Batches(torch.arange(640), 16, CPU, 1, 1, 0, by)
        sums = torch.stack([edges[batch].sum() for batch in batches]).double()
        spread.append((sums.std() / sums.mean()).item())
    assert spread[1] < 0.5 * spread[0]


@pytest.fixture
def by_edges(small_spec, prepared, data, registry, train_until):
    """Train by edges on 24 alloys, 3 steps an epoch, up to a step, or to the end."""
    changes = ["train.batch_by=edges", "train.epochs=4"]
    changes += ["network.blocks.0.batch_norm=false"]
    spec = override_spec(small_spec, registry, changes, "here")

    def run(name, step=None, spec=spec):
        return train_until(name, spec, data, step)

    return run


@pytest.mark.parametrize("step", [1, 3, 8])
def test_a_training_by_edges_goes_on_bit_for_bit_wherever_it_was_stopped(
    by_edges, step
):
    whole = by_edges("whole")
    with pytest.raises(Stopped):
        by_edges("broken", step)
    resumed = by_edges("broken")
    assert [row["train_loss"] for row in resumed.curve] == [
        row["train_loss"] for row in whole.curve
    ]
    assert torch.equal(resumed.predictions, whole.predictions)
