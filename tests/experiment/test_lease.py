"""Leases: one holder at a time, whatever clocks and processes do."""

from __future__ import annotations

import json
import os
import threading

import pytest

from ngn_core.experiment import lease as module
from ngn_core.experiment.lease import Watcher, alone, lease_folder, newest, owner_of
from ngn_core.experiment.owner import this_process


class Clock:
    """Seconds that go on only when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watcher(clock):
    return Watcher(patience=120.0, clock=clock)


def move_elsewhere(lease, **changes):
    """Let a lease be held on a machine that this one knows nothing of."""
    plain = {**this_process().plain(), "host": "node7", **changes}
    (lease.folder / "owner.json").write_text(json.dumps(plain))


def taken(place, watcher=None):
    """Return a lease that gives no sign unless it is told to."""
    return (watcher or Watcher()).take(place, beat=1e6)


def test_of_many_that_want_a_thing_one_gets_it(tmp_path):
    barrier, got = threading.Barrier(8), []

    def want():
        barrier.wait()
        got.append(taken(tmp_path / "thing"))

    threads = [threading.Thread(target=want) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in got) == 1


def test_a_released_thing_is_free_at_once(tmp_path):
    taken(tmp_path / "thing").release()
    assert taken(tmp_path / "thing").number == 1


def test_a_holder_on_this_machine_is_dead_the_moment_its_process_is(tmp_path):
    child = os.fork()
    if child == 0:
        taken(tmp_path / "thing")
        os._exit(0)
    os.waitpid(child, 0)
    assert owner_of(lease_folder(tmp_path / "thing", 0)).alive() is False
    assert taken(tmp_path / "thing").number == 1


def test_a_process_number_that_was_given_again_is_not_the_holder(tmp_path, watcher):
    lease = taken(tmp_path / "thing")
    assert watcher.take(tmp_path / "thing") is None
    plain = this_process().plain()
    (lease.folder / "owner.json").write_text(json.dumps({**plain, "started": 1}))
    assert watcher.take(tmp_path / "thing").number == 1


def test_a_holder_elsewhere_is_dead_after_the_patience_without_a_sign(
    tmp_path, watcher, clock
):
    move_elsewhere(taken(tmp_path / "thing"))
    assert watcher.take(tmp_path / "thing") is None
    clock.now += 119
    assert watcher.take(tmp_path / "thing") is None
    clock.now += 1
    assert watcher.take(tmp_path / "thing").number == 1


def test_a_sign_renews_the_patience(tmp_path, watcher, clock):
    lease = taken(tmp_path / "thing")
    move_elsewhere(lease)
    for stamp in range(10):
        assert watcher.take(tmp_path / "thing") is None
        clock.now += 100
        os.utime(lease.folder / "beat", (stamp, stamp))
    assert watcher.take(tmp_path / "thing") is None


@pytest.mark.parametrize("step", [-1e6, 1e6])
def test_wall_clocks_that_jump_change_nothing(
    tmp_path, watcher, clock, monkeypatch, step
):
    # the holder's clock is years off, in either direction, and jumps while it works
    real = module.time.time
    monkeypatch.setattr(module.time, "time", lambda: real() + step)
    lease = Watcher().take(tmp_path / "thing", beat=0.01)
    move_elsewhere(lease)
    for _ in range(5):
        assert watcher.take(tmp_path / "thing") is None
        step = -step
        before = (lease.folder / "beat").stat().st_mtime_ns
        while (lease.folder / "beat").stat().st_mtime_ns == before:
            pass
        clock.now += 100
    assert watcher.take(tmp_path / "thing") is None
    lease.release()


def test_a_suspended_holder_sees_that_it_lost_the_thing(tmp_path, watcher, clock):
    lease = taken(tmp_path / "thing")
    move_elsewhere(lease)
    watcher.take(tmp_path / "thing")
    clock.now += 120
    assert watcher.take(tmp_path / "thing") is not None
    assert not lease.check()
    assert lease.lost


def test_a_holder_killed_before_it_wrote_who_it_is_is_waited_for(
    tmp_path, watcher, clock
):
    lease_folder(tmp_path / "thing", 0).mkdir(parents=True)
    assert watcher.take(tmp_path / "thing") is None
    clock.now += 120
    assert watcher.take(tmp_path / "thing").number == 1


def test_old_leases_do_not_pile_up(tmp_path):
    for _ in range(5):
        with alone(tmp_path / "thing"):
            pass
    assert newest(tmp_path / "thing") == 4
    assert len(list((tmp_path / "thing").iterdir())) <= 2


def test_a_lease_that_cannot_be_written_is_left_to_others(tmp_path, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module, "this_process", full)
        with pytest.raises(OSError, match="No space"):
            taken(tmp_path / "thing")
    assert taken(tmp_path / "thing").number == 0
