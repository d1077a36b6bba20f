"""The exclusive pass: in turn, warmed up, alone; no time is asserted."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
import torch

from ngn_core.costs.isolated_timing import (
    MOST_BATCHES,
    STRETCH,
    make_timed_specs,
    measure_in_turn,
)
from ngn_core.costs.sample import representative
from ngn_core.costs.system_load import SystemLoad
from ngn_core.experiment.prepare import Prepared
from ngn_core.training.throughput import Throughput

CPU = torch.device("cpu")


class Clock:
    """Moves on by what is measured, and a little whenever it is read."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 0.01
        return self.now


@pytest.fixture
def two(small_spec, prepared, registry):
    """Two specs with their graphs, the second's batches half as large."""
    train = {
        task: options.model_copy(update={"batch_size": 4})
        for task, options in small_spec.train.items()
    }
    other = replace(small_spec, name="other", train=train)
    graphs = prepared.graphs["CGCNN"]
    both = Prepared(
        prepared.crystals,
        {"CGCNN": graphs, "other": graphs},
        prepared.facts,
        {"CGCNN": 0.0, "other": 0.0},
    )
    return make_timed_specs([small_spec, other], both, registry)


def pass_over(subjects, clock, second=0.001, fail=(), **more):
    """Run the pass with paces that say their number; return the order of measuring."""
    order, numbers = [], itertools.count(1)

    def measure(spec, data, device):
        order.append((spec.name, len(data.train)))
        clock.now += 1.0
        if spec.name in fail and len(order) > 2:
            raise RuntimeError("broken")
        return Throughput(second, next(numbers), 0.1, 10.0, 7, 8.0)

    told = []
    measure_in_turn(subjects, CPU, told.append, clock=clock, measure=measure, **more)
    return [name for name, _ in order], [size for _, size in order], told


def test_specs_alternate_and_the_warm_up_does_not_count(two):
    names, _, told = pass_over(two, Clock(), turns=3)
    assert names == ["CGCNN", "other"] * 4
    assert told == [1, 2, 3, 4]
    assert [turn.infer for turn in two[0].turns] == [3, 5, 7]
    assert [turn.infer for turn in two[1].turns] == [4, 6, 8]


def test_an_epoch_is_of_whole_batches_and_no_larger_than_a_training_part(two):
    most = two[0].most
    assert most == 32  # 40 crystals in five folds
    _, sizes, _ = pass_over(two, Clock(), second=STRETCH / 12, turns=1)
    assert sizes[:2] == [8, 4]  # the warm-up: a batch
    assert sizes[2:] == [16, 12]  # as many batches as last a stretch
    _, sizes, _ = pass_over(two, Clock(), second=1e-9, turns=1)
    assert sizes[2:] == [most, most]
    assert most < MOST_BATCHES * 4


def test_no_round_begins_after_the_limit_but_one_is_made(two):
    _, _, told = pass_over(two, Clock(), turns=5, limit=0.0)
    assert told == [1, 2]
    assert [len(subject.turns) for subject in two] == [1, 1]


def test_a_spec_that_fails_leaves_the_others_alone(two):
    names, _, _ = pass_over(two, Clock(), turns=3, fail=("CGCNN",))
    assert two[0].failure == "RuntimeError: broken"
    assert not two[0].turns
    assert len(two[1].turns) == 3
    assert names.count("CGCNN") == 2  # the warm-up, and the turn that failed


def test_the_graphs_of_a_turn_are_built_afresh(two, monkeypatch):
    built = []
    for subject in two:
        builder = subject.builder
        monkeypatch.setattr(
            subject, "builder", lambda crystal, own=builder: built.append(own(crystal))
        )
    pass_over(two, Clock(), turns=2)
    assert len(built) > 4 * len(two)
    assert all(turn.build > 0 for subject in two for turn in subject.turns)


def test_few_crystals_are_as_large_as_all(alloys):
    crystals = alloys.crystals
    few = representative(crystals, 10)
    sites = [len(crystal.frac) for crystal in crystals]
    mean = sum(sites) / len(sites)
    assert len(set(few.tolist())) == 10
    assert sum(sites[i] for i in few) / 10 == pytest.approx(mean, rel=0.1)
    assert sorted(representative(crystals, 99)) == list(range(len(crystals)))


def test_work_of_others_is_what_this_process_did_not_do():
    reads = iter([(10.0, 100.0, 5.0), (20.0, 118.0, 8.0)])
    assert SystemLoad(lambda: next(reads)).cores() == pytest.approx(1.5)
    assert SystemLoad(lambda: None).cores() is None
