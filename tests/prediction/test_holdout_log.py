"""The record of readings of a hold-out: none is lost, whoever reads at once."""

from __future__ import annotations

import json
import threading

import pytest

from ngn_core.errors import TrialError
from ngn_core.experiment import lease
from ngn_core.prediction.holdout_log import READINGS, record_reading


def test_readings_at_once_are_all_recorded_each_after_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr(lease, "POLL", 0.01)
    barrier, before = threading.Barrier(6), []

    def read():
        barrier.wait()
        before.append(record_reading(tmp_path, "d", [{"spec": "A"}, {"spec": "B"}]))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, before)) == [0, 1, 2, 3, 4, 5]
    lines = (tmp_path / READINGS).read_text().splitlines()
    assert [json.loads(line)["spec"] for line in lines] == ["A", "B"] * 6
    assert list(tmp_path.glob("holdout.*")) == [tmp_path / READINGS]


def test_only_readings_of_the_same_crystals_count(tmp_path):
    record_reading(tmp_path, "one", [{"spec": "A"}])
    assert record_reading(tmp_path, "another", [{"spec": "A"}]) == ()
    assert len(record_reading(tmp_path, "one", [{"spec": "A"}])) == 1


@pytest.mark.parametrize("text", [b"\xff\n", b"{}\n", b"[]\n", b'{"date": 1}\n', b"{"])
def test_a_damaged_record_is_a_sentence_and_stays(tmp_path, text):
    (tmp_path / READINGS).write_bytes(text)
    with pytest.raises(TrialError, match="holdout.jsonl"):
        record_reading(tmp_path, "one", [{"spec": "A"}])
    assert (tmp_path / READINGS).read_bytes() == text
