"""Graphs that stream from the host: the same batches and trainings, bit for bit."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ngn_core.experiment.prepare import prepare
from ngn_core.spec.load import load_specs, override_spec
from ngn_core.training import host_graphs as module
from ngn_core.training.batches import Batches
from ngn_core.training.host_graphs import AHEAD, HostGraphs, bytes_in, fits_on_device
from ngn_core.training.stop import Stopped

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def nested(registry, alloys, silent):
    """Graphs of three levels, their orbits with weights of their own."""
    spec = load_specs(["congn"], registry, ["graph.symmetry=orbits"])[0]
    return prepare([spec], alloys, registry, None, "error", silent).graphs[spec.name]


def assert_same(one, other):
    for a, b in zip(
        [*one.levels, one.crystals], [*other.levels, other.crystals], strict=True
    ):
        assert a.crystals == b.crystals
        assert a.columns.keys() == b.columns.keys()
        pairs = [(a.columns[name], b.columns[name]) for name in a.columns]
        pairs += [(a.multiplicity, b.multiplicity), (a.weight, b.weight)]
        pairs += [(a.crystal, b.crystal)]
        assert (a.index is None) == (b.index is None)
        pairs += [] if a.index is None else [(a.index, b.index)]
        for x, y in pairs:
            assert x.dtype == y.dtype
            assert torch.equal(x, y)


def test_batches_are_those_of_graphs_on_the_device_bit_for_bit(nested):
    resident = nested.to(CPU, torch.float32)
    streamed = HostGraphs(nested, CPU, torch.float32)
    assert any((level.multiplicity > 1).any() for level in nested.levels)
    batches = Batches(torch.arange(len(nested)), 7, CPU, order=3)
    handed = list(streamed.ahead(batches))
    assert len(handed) == len(batches) > AHEAD
    for loaded, numbers in zip(handed, batches, strict=True):
        assert torch.equal(loaded.numbers, numbers)
        assert_same(loaded.batch, resident.batch(numbers))
        assert_same(streamed.batch(numbers), resident.batch(numbers))


def test_no_more_batches_are_assembled_than_are_to_be_ahead(nested, monkeypatch):
    made, original = [], HostGraphs._assembled

    def counted(self, numbers):
        made.append(len(numbers))
        return original(self, numbers)

    monkeypatch.setattr(HostGraphs, "_assembled", counted)
    streamed = HostGraphs(nested, CPU, torch.float32)
    handed = streamed.ahead(Batches(torch.arange(len(nested)), 2, CPU))
    for taken in range(1, 6):
        next(handed)
        assert len(made) <= taken + AHEAD
    handed.close()
    assert len(made) <= 5 + AHEAD


def test_what_fails_in_the_thread_fails_in_the_training(nested):
    streamed = HostGraphs(nested, CPU, torch.float32)
    beyond = torch.tensor([0, len(nested)])
    with pytest.raises(IndexError):
        list(streamed.ahead(Batches(beyond, 1, CPU)))


@pytest.fixture
def stoppable(small_spec, data, registry, train_until):
    """Train with validation, by edges, up to a step, or to the end."""
    changes = ["train.batch_by=edges", "train.validation=0.2", "train.epochs=4"]
    spec = override_spec(small_spec, registry, changes, "here")
    parts = replace(data, train=data.train[:20], validation=data.train[20:])

    def run(name, step=None):
        return train_until(name, spec, parts, step)

    return run


def losses(outcome):
    return [(row["train_loss"], row["validation_loss"]) for row in outcome.curve]


def test_a_training_that_streams_is_the_one_that_does_not(stoppable, monkeypatch):
    resident = stoppable("resident")
    monkeypatch.setattr(module, "fits_on_device", lambda graphs, device, dtype: False)
    whole = stoppable("whole")
    with pytest.raises(Stopped):
        stoppable("broken", 5)
    resumed = stoppable("broken")
    for other in (whole, resumed):
        assert losses(other) == losses(resident)
        assert torch.equal(other.predictions, resident.predictions)


def test_graphs_stream_to_a_gpu_whose_memory_they_do_not_fit(nested, monkeypatch):
    need = bytes_in(nested, torch.float32)
    assert need == sum(t.nbytes for t in nested.to(CPU, torch.float32).tensors())
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda device: 0)
    monkeypatch.setattr(torch.cuda, "memory_allocated", lambda device: 0)
    for free, wanted in ((2 * need, True), (2 * need - 1, False)):
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda d, free=free: (free, 0))
        assert fits_on_device(nested, torch.device("cuda"), torch.float32) is wanted
        assert fits_on_device(nested, CPU, torch.float32)
