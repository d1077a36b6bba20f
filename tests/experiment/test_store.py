"""The store between processes: whoever seemed dead writes no result."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from ngn_core.errors import NGNError, TrialError
from ngn_core.experiment.lease import Watcher
from ngn_core.experiment.plan import FOLDER, Planned
from ngn_core.experiment.shard import Shard, parse_shard
from ngn_core.experiment.status import read_status
from ngn_core.experiment.store import PARTIAL, Store
from ngn_core.experiment.work_queue import take_in_turn

DIGEST = "a" * 64


class Deaf(Watcher):
    """Takes every other holder for dead."""

    def over(self, lease):
        return True


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path, beat=1e6)


@pytest.fixture
def hasty(tmp_path):
    return Store(tmp_path, Deaf(), beat=1e6)


def test_who_takes_over_finds_the_checkpoint_and_nothing_half(store, hasty):
    first = store.try_lock(DIGEST)
    (first.working / "checkpoint.ckpt").write_text("whole")
    (first.working / "checkpoint.partial").write_text("ha")
    second = hasty.try_lock(DIGEST)
    assert [file.name for file in second.working.iterdir()] == ["checkpoint.ckpt"]


def test_a_suspended_process_that_wakes_up_spoils_nothing(store, hasty):
    asleep = store.try_lock(DIGEST)
    (asleep.working / "checkpoint.ckpt").write_text("whole")
    awake = hasty.try_lock(DIGEST)
    with pytest.raises(OSError, match="No such file"):
        (asleep.working / "checkpoint.ckpt").write_text("old")
    with pytest.raises(TrialError, match="taken this trial over"):
        store.finish(DIGEST, asleep)
    hasty.finish(DIGEST, awake)
    assert (store.folder(DIGEST) / "checkpoint.ckpt").read_text() == "whole"
    assert not store.place(DIGEST).exists()


def test_what_others_are_at_is_looked_at_again_after_all_else():
    tried, answers = [], {"a": [None, None, "A"], "b": ["B"], "c": [None, "C"]}

    def attempt(name):
        tried.append(name)
        return answers[name].pop(0)

    found = take_in_turn(
        [lambda name=name: attempt(name) for name in "abc"], tried.append
    )
    assert found == ["A", "B", "C"]
    assert tried == ["a", "b", "c", "a", "c", "a"]


def test_shards_part_a_grid():
    shards = [parse_shard(f"{number}/3") for number in (1, 2, 3)]
    assert [[place for place in range(8) if one.has(place)] for one in shards] == [
        [0, 3, 6],
        [1, 4, 7],
        [2, 5],
    ]
    assert str(Shard(2, 8)) == "2/8"


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/0", "-1/2", "a/b", "1/2/3"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(NGNError, match="expected I/N"):
        parse_shard(text)


@pytest.fixture
def plan(tmp_path):
    """Plan four trials; return their digests."""
    digests = [letter * 64 for letter in "abcd"]
    rows = [
        asdict(Planned(digest, "CGCNN", "alloys", "gap", fold, 0))
        for fold, digest in enumerate(digests)
    ]
    folder = tmp_path / PARTIAL / FOLDER
    folder.mkdir(parents=True)
    (folder / "p.json").write_text(json.dumps(rows))
    return digests


def test_the_status_tells_running_dead_stopped_and_missing(store, plan, tmp_path):
    running, dead, stopped, _ = plan
    lock = store.try_lock(running)
    fallen = store.try_lock(dead).lease
    owner = fallen.folder / "owner.json"
    owner.write_text(owner.read_text().replace('"pid": ', '"pid": 9'))
    store.note(stopped, "no folder yet, so that this goes nowhere")
    ended = store.try_lock(stopped)
    store.note(stopped, "stopped: SIGTERM came")
    ended.lease.release()
    found = read_status(tmp_path)
    assert [one.state for one in found] == ["running", "dead", "stopped", "missing"]
    assert "is gone" in found[1].reason
    assert found[2].reason == "stopped: SIGTERM came"
    lock.lease.release()


def test_a_process_elsewhere_is_listened_to(store, plan, tmp_path):
    silent, sounding, *_ = plan
    claims = [store.try_lock(silent), store.try_lock(sounding)]
    for lock in claims:
        owner = lock.lease.folder / "owner.json"
        owner.write_text(owner.read_text().replace('"host": "', '"host": "not-'))
    now = [0.0]

    def pause(seconds):
        now[0] += seconds
        (claims[1].lease.folder / "beat").touch()

    found = read_status(tmp_path, Watcher(clock=lambda: now[0]), pause)
    assert [one.state for one in found] == ["dead", "running", "missing", "missing"]
    assert "no sign of process" in found[0].reason


def test_a_folder_without_plans_is_refused(tmp_path):
    with pytest.raises(TrialError, match="no plan of trials"):
        read_status(tmp_path)
