"""Out of memory: batches are cut, the steps stay the same."""

from __future__ import annotations

import pytest
import torch

from ngn_core.errors import TrialError
from ngn_core.spec.load import load_specs
from ngn_core.training.batches import Batches
from ngn_core.training.job import TrainingJob, TrialData
from ngn_core.training.loop_data import LoopData
from ngn_core.training.micro_batches import train_in_micro_batches
from ngn_core.training.module import TrainingModule
from ngn_core.training.trial import train_trial

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def plain_spec(registry):
    """CGCNN without batch normalization, which sees parts of batches."""
    assignments = [
        "network.embed.node.width=8",
        "network.blocks.0.repeat=2",
        "network.blocks.0.batch_norm=false",
        "network.head.layers=[8, 1]",
        "train.epochs=3",
        "train.batch_size=8",
        "train.optimizer.lr=0.01",
        "train.validation=0.2",
    ]
    return load_specs(["cgcnn"], registry, assignments)[0]


@pytest.fixture
def data(prepared):
    numbers = torch.arange(len(prepared.crystals))
    return TrialData(
        prepared.graphs["CGCNN"],
        torch.tensor(prepared.crystals.target.values),
        "regression",
        numbers[:21],  # two batches of 8, one of 5
        numbers[21:27],
        numbers[27:],
    )


def short_of_memory(monkeypatch, most):
    """Let a step fail that works on more crystals than `most`; return those it saw."""
    seen, loss_of = [], TrainingModule._loss

    def scarce(self, part, graphs):
        if len(graphs) > most:
            raise torch.OutOfMemoryError("no memory left\nlong table")
        seen.append((part, len(graphs)))
        return loss_of(self, part, graphs)

    monkeypatch.setattr(TrainingModule, "_loss", scarce)
    return seen


@pytest.mark.parametrize(("most", "parts"), [(4, 2), (2, 4), (1, 8)])
def test_steps_of_parts_are_those_of_whole_batches(
    plain_spec, data, tmp_path, monkeypatch, most, parts
):
    folders = [tmp_path / name for name in ("whole", "parts")]
    for folder in folders:
        folder.mkdir()
    whole = train_trial(TrainingJob(plain_spec, data, 0, folders[0]), CPU)
    seen = short_of_memory(monkeypatch, most)
    cut = train_trial(TrainingJob(plain_spec, data, 0, folders[1]), CPU)
    assert whole.cost["batch_parts"] == 1
    assert cut.cost["batch_parts"] == parts
    assert max(size for _, size in seen) == most
    for a, b in zip(whole.curve, cut.curve, strict=True):
        assert b["train_loss"] == pytest.approx(a["train_loss"], rel=1e-4)
        assert b["validation_loss"] == pytest.approx(a["validation_loss"], rel=1e-4)
        assert b["lr"] == a["lr"]
    assert torch.allclose(cut.predictions, whole.predictions, rtol=1e-3, atol=1e-5)


def test_what_never_fits_is_said(plain_spec, data, tmp_path, monkeypatch):
    short_of_memory(monkeypatch, 0)
    with pytest.raises(TrialError, match="one crystal at a time.*no memory left"):
        train_trial(TrainingJob(plain_spec, data, 0, tmp_path), CPU)


def test_halving_stops_at_one_crystal():
    tried = []

    def train(parts):
        tried.append(parts)
        raise torch.OutOfMemoryError("none")

    with pytest.raises(TrialError):
        train_in_micro_batches(train, 12)
    assert tried == [1, 2, 4, 8, 12]


@pytest.mark.parametrize("count", range(1, 30))
@pytest.mark.parametrize("parts", [1, 2, 3, 8])
def test_parts_of_an_epoch_weigh_what_their_crystals_do(count, parts):
    loaders = LoopData(torch.arange(count), torch.arange(0), 8, 0, CPU, parts)
    handed = list(loaders.train_dataloader())
    assert len(handed) == len(loaders.train_dataloader())
    assert sorted(torch.cat(handed).tolist()) == list(range(count))
    shares = [loaders.weight(i, len(part)) / parts for i, part in enumerate(handed)]
    for step, batch in enumerate(Batches(torch.arange(count), 8, CPU, order=0)):
        own = slice(step * parts, (step + 1) * parts)
        assert torch.equal(torch.cat(handed[own]), batch)
        assert sum(shares[own]) == pytest.approx(1.0)
