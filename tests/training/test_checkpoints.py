"""Checkpoints that were damaged: training goes on from what is whole, and says so."""

from __future__ import annotations

import zipfile

import pytest
import torch

from ngn_core.errors import TrialError
from ngn_core.training.job import TrainingCallbacks, TrainingJob
from ngn_core.training.train import CHECKPOINT
from ngn_core.training.trial import train_trial

CPU = torch.device("cpu")
BEFORE = "checkpoint.before.ckpt"


@pytest.fixture
def interrupted(train, tmp_path):
    """A folder with the checkpoints of epochs 2 and 3 of 6."""

    def interrupt(done):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("broken", on_epoch=interrupt)
    return tmp_path / "broken"


@pytest.fixture
def go_on(small_spec, data, interrupted):
    """Go on; return predictions, the epochs that were trained, and what was said."""

    def run():
        epochs, said = [], []
        job = TrainingJob(small_spec, data, 0, interrupted, checkpoint_every=1e9)
        callbacks = TrainingCallbacks(epochs.append, note=said.append)
        outcome = train_trial(job, CPU, callbacks)
        return outcome.predictions, epochs, said

    return run


def cut(file):
    file.write_bytes(file.read_bytes()[:-100])


def flip(file):
    """Change one bit of a weight, which no reader of zip files minds by itself."""
    with zipfile.ZipFile(file) as opened:
        one = max(opened.infolist(), key=lambda one: one.file_size)
    content = bytearray(file.read_bytes())
    content[one.header_offset + one.file_size // 2 + 100] ^= 1
    file.write_bytes(content)


def another(file):
    torch.save({"state_dict": {}}, file)


DAMAGE = {
    "cut": cut,
    "one bit": flip,
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("half a checkpoint"),
    "of another version": another,
    "a list": lambda file: torch.save([1], file),
}


@pytest.fixture
def whole(train):
    return train("whole").predictions


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_checkpoint_is_made_up_for_by_the_one_before(
    interrupted, go_on, whole, damage
):
    DAMAGE[damage](interrupted / CHECKPOINT)
    predictions, epochs, (sentence,) = go_on()
    assert epochs == [3, 4, 5, 6]
    assert torch.equal(predictions, whole)
    assert str(interrupted / CHECKPOINT) in sentence
    assert "goes on from the checkpoint before it" in sentence


def test_without_a_whole_checkpoint_the_training_begins_anew(interrupted, go_on, whole):
    cut(interrupted / CHECKPOINT)
    flip(interrupted / BEFORE)
    predictions, epochs, said = go_on()
    assert epochs == [1, 2, 3, 4, 5, 6]
    assert torch.equal(predictions, whole)
    assert [sentence.rpartition("from ")[2] for sentence in said] == [
        "the checkpoint before it",
        "the beginning",
    ]


def test_a_kill_between_two_names_loses_one_checkpoint_only(interrupted, go_on, whole):
    (interrupted / CHECKPOINT).unlink()
    predictions, epochs, said = go_on()
    assert epochs == [3, 4, 5, 6]
    assert not said
    assert torch.equal(predictions, whole)


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(
    interrupted, go_on, whole, monkeypatch
):
    kept = (interrupted / CHECKPOINT).read_bytes()

    def full(self, file):
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("lightning.Trainer.save_checkpoint", full)
        patched.setattr("ngn_core.training.checkpoints.time.monotonic", iter_days())
        with pytest.raises(OSError, match="No space left"):
            go_on()
    assert (interrupted / CHECKPOINT).read_bytes() == kept
    assert list(interrupted.glob("*.partial")) == []
    assert torch.equal(go_on()[0], whole)


def iter_days():
    """Return a clock that goes on by a hundred thousand years at each look."""
    now = iter(range(10**9))
    return lambda: next(now) * 1e13


def test_a_network_that_gives_no_number_for_a_test_crystal_is_no_result(
    train, data, monkeypatch
):
    def infer(network, graphs, numbers, batch):
        return torch.where(numbers == numbers[1], torch.nan, 1.0)

    monkeypatch.setattr("ngn_core.training.train.infer", infer)
    with pytest.raises(TrialError, match="no number for 1 of 16 test crystals: graph"):
        train()
