"""One trial over several devices: the steps of one, whatever becomes of a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from ngn_core.errors import SpecError, TrialError
from ngn_core.experiment.prepare import prepare
from ngn_core.spec.load import load_specs
from ngn_core.training import loop_data
from ngn_core.training.batches import Batches
from ngn_core.training.distributed.batches import SharedBatches
from ngn_core.training.distributed.train import _check_shareable
from ngn_core.training.distributed.worker import portable
from ngn_core.training.host_graphs import HostGraphs, Prefetcher
from ngn_core.training.job import TrainingCallbacks, TrainingJob, TrialData
from ngn_core.training.loop_data import LoopData
from ngn_core.training.stop import Stopped
from ngn_core.training.trial import train_trial

CPU = torch.device("cpu")
EPOCHS = 50  # of 4 steps: 7, 7, 7 and 1 crystals, of which one of two devices has none

SMALL = (
    "graph.symmetry=orbits",  # rows of other weights than 1
    "network.blocks.0.repeat=1",
    f"train.epochs={EPOCHS}",
    "train.batch_size=7",
    "train.optimizer.lr=0.01",
    "train.validation=0.1",
)
CGCNN = (
    "network.embed.node.width=6",
    "network.embed.edge.bins=5",
    "network.head.layers=[6, 1]",
    "train.average=0.9",
    "train.gradient_clip=0.5",
)
COGN = (
    "network.embed.node.width=6",
    "network.embed.edge.width=6",
    "graph.edges.neighbors=6",
    "network.blocks.0.message_layers=1",
)


@pytest.fixture
def _in_float64():
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture
def train(registry, alloys, silent, tmp_path):
    """Train 200 steps in a folder of its own."""

    def run(folder, name, changes, **more):
        spec = load_specs([name], registry, [*SMALL, *changes])[0]
        prepared = prepare([spec], alloys, registry, None, "error", silent)
        numbers = torch.arange(len(alloys))
        data = TrialData(
            prepared.graphs[spec.name],
            torch.tensor(alloys.target.values),
            "regression",
            numbers[:22],
            numbers[22:25],
            numbers[25:],
            ids=tuple(alloys.ids),
        )
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        job = TrainingJob(spec, data, 0, place, checkpoint_every=0.0)
        devices = more.pop("devices", 1)
        return train_trial(job, CPU, TrainingCallbacks(**more), devices)

    return run


def assert_the_same(one, other):
    weights = other.network.state_dict()
    for name, values in one.network.state_dict().items():
        assert (weights[name] - values).abs().max().item() <= 1e-9, name
    assert (one.predictions - other.predictions).abs().max().item() <= 1e-9
    for a, b in zip(one.curve, other.curve, strict=True):
        assert a["epoch"] == b["epoch"]
        assert a["lr"] == b["lr"]
        assert a["train_loss"] == pytest.approx(b["train_loss"], abs=1e-9)
        # Lightning logs it in float32
        assert a["validation_loss"] == pytest.approx(b["validation_loss"], rel=1e-6)


@pytest.mark.usefixtures("_in_float64")
def test_200_steps_on_two_devices_are_those_of_one(train):
    # with weighted batch normalization, mean weights, a schedule and clipping
    one = train("one", "cgcnn", CGCNN)
    assert one.curve[-1]["train_loss"] < one.curve[0]["train_loss"]
    assert_the_same(one, train("two", "cgcnn", CGCNN, devices=2))


@pytest.mark.usefixtures("_in_float64")
def test_two_devices_that_are_killed_and_stopped_end_as_one_does(train):
    def kill(done):
        if done == 9:
            os.kill(multiprocessing.active_children()[-1].pid, signal.SIGKILL)

    with pytest.raises(TrialError, match=r"device [12] was ended by signal 9"):
        train("two", "cogn", COGN, devices=2, on_epoch=kill)
    assert not multiprocessing.active_children()

    steps = iter(range(1000))

    def stop():  # in the midst of an epoch, which asks once more at its end
        return "asked" if next(steps) == 42 else None

    epochs = []
    with pytest.raises(Stopped, match="asked"):
        train("two", "cogn", COGN, devices=2, on_epoch=epochs.append, stop=stop)
    assert epochs[0] in (9, 10)  # it went on after the last epoch that was saved
    assert not multiprocessing.active_children()

    judged, seen = [], []
    two = train(
        "two",
        "cogn",
        COGN,
        devices=2,
        on_epoch=seen.append,
        pruner=lambda epoch, loss: judged.append(epoch),
    )
    assert seen == list(range(epochs[-1] + 1, EPOCHS + 1))
    assert judged == list(range(1, EPOCHS + 1))
    assert_the_same(train("one", "cogn", COGN), two)


def test_a_loss_that_is_no_number_names_the_crystals_of_all_devices(train, alloys):
    wild = (*COGN, "train.optimizer.lr=1.0e+30")
    with pytest.raises(TrialError, match=r"loss became (inf|nan) in epoch 1") as raised:
        train("bad", "cogn", wild, devices=2)
    words = str(raised.value)
    number = int(words.partition("in its batch ")[2].partition(",")[0])
    batch = list(Batches(torch.arange(22), 7, CPU, order=0))[number - 1]
    assert f", of {', '.join(alloys.ids[graph] for graph in batch)};" in words
    assert "In the process of device" in raised.value.__notes__[0]


@pytest.mark.parametrize("devices", [1, 2, 3, 8])
@pytest.mark.parametrize("parts", [1, 2])
def test_every_graph_is_in_one_share_and_weighs_what_it_does_alone(
    devices, parts, monkeypatch
):
    # an epoch has a last short batch, and shares without a graph
    monkeypatch.setattr(loop_data, "count_ranks", lambda: devices)
    for count in range(1, 30):
        numbers = torch.arange(count)
        batches = Batches(numbers, 7, CPU, order=0, micro_batches=parts)
        shares = [
            list(SharedBatches(batches, rank, devices)) for rank in range(devices)
        ]
        loaders = LoopData(numbers, numbers[:0], 7, 0, CPU, parts)
        loaders.handed = batches
        for number, part in enumerate(batches):
            own = [share[number] for share in shares]
            assert torch.equal(torch.cat(own), part)
            sizes = [len(one) for one in own]
            assert max(sizes) - min(sizes) <= 1
            # Lightning divides by the devices and by the parts
            found = [loaders.weight(number, size) / devices / parts for size in sizes]
            whole = batches.sizes[number // parts]
            assert found == pytest.approx([size / whole for size in sizes])


def test_shares_without_a_graph_stream_too(registry, alloys, silent):
    spec = load_specs(["cogn"], registry)[0]
    graphs = prepare([spec], alloys, registry, None, "error", silent).graphs[spec.name]
    streamed = HostGraphs(graphs, CPU, torch.float32)
    batches = Batches(torch.arange(9), 4, CPU)
    for rank in range(2):
        shares = SharedBatches(batches, rank, 2)
        handed = list(Prefetcher(streamed, shares))
        assert len(handed) == len(Prefetcher(streamed, shares)) == 3
        for loaded, numbers in zip(handed, shares, strict=True):
            assert torch.equal(loaded.numbers, numbers)
            assert len(loaded) == loaded.batch.crystals.crystals == len(numbers)
    assert len(handed[-1]) == 0


def test_what_would_normalize_shares_alone_is_refused():
    network = SimpleNamespace(
        named_modules=nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)).named_modules
    )
    with pytest.raises(TrialError, match="--devices 2: 1 is torch's BatchNorm1d"):
        _check_shareable(network, 2)


class OddError(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


def test_errors_of_a_process_arrive_as_they_are_or_in_words():
    assert type(portable(torch.OutOfMemoryError("full"), 0)) is torch.OutOfMemoryError
    assert type(portable(Stopped("SIGTERM came"), 0)) is Stopped
    odd = portable(OddError(1, 2), 1)
    assert (type(odd), str(odd)) == (RuntimeError, "OddError: 1 and 2")
    assert odd.__notes__[0].startswith("In the process of device 2:\n")
    spec = SpecError([])
    assert isinstance(portable(spec, 0), SpecError)
