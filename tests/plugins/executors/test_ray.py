"""Trials on a Ray cluster of two nodes."""

import os
import signal
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from ngn_core.experiment.epoch_file import epochs_done
from ngn_core.experiment.lease import lease_folder, newest, owner_of
from ngn_core.experiment.store import PARTIAL

pytest.importorskip("ray", reason="Ray is not installed: pip install ngn[ray]")


@pytest.fixture
def cluster():
    import ray
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
    made = Cluster(initialize_head=True, head_node_args=node)
    made.add_node(**node)
    yield made
    ray.shutdown()
    made.shutdown()


@contextmanager
def one_is_killed(runs):
    """Kill the first trial that has a checkpoint; yield the epochs seen afterwards."""
    seen, over = [], threading.Event()

    def kill():
        while not over.is_set():
            with suppress(OSError):
                for file in (runs / PARTIAL).glob("*/work-*/checkpoint.ckpt"):
                    place = file.parent.parent
                    os.kill(owner_of(lease_folder(place, newest(place))).pid, 9)
                    (place / "epochs.txt").unlink()
                    return follow(place)
            time.sleep(0.05)
        return None

    def follow(place):
        while not over.is_set():
            done = epochs_done(place)
            if done is not None and done not in seen[-1:]:
                seen.append(done)
            time.sleep(0.05)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@pytest.mark.filterwarnings("ignore")  # Ray's own, of files that it leaves open
def test_a_killed_trial_goes_on_and_all_are_as_on_one_machine(
    compare, predictions, threads, cluster, tmp_path
):
    epochs = 500  # more than the ten seconds between two checkpoints
    asked = signal.getsignal(signal.SIGTERM)
    with one_is_killed(tmp_path / "ray") as seen:
        flags = ("--executor=ray", f"--address={cluster.address}")
        code, printed = compare("ray", epochs, *flags)
    assert code == 0, printed.err
    assert signal.getsignal(signal.SIGTERM) == asked
    assert seen
    assert min(seen) > 1  # from its checkpoint
    flags = ("--executor=local", "--executor-option=threads=1")
    code, printed = compare("local", epochs, *flags)
    assert code == 0, printed.err
    assert len(predictions("ray")) == 2
    assert predictions("ray") == predictions("local")
    assert threads("ray") == threads("local") == [1, 1]
