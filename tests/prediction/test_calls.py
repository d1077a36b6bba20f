"""`ngn predict --input` from the outside: signals, time, and where it may write."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from ngn_core.cli.workbench import main as workbench
from ngn_core.crystal.elements import symbol_of
from ngn_core.prediction.chunks import Chunks

COPIES = 15
"""Of 40 crystals: 600 structures, three shards."""


@pytest.fixture
def files(alloys, tmp_path):
    rows = [
        {
            "id": f"{copy}-{name}",
            "lattice": crystal.lattice.tolist(),
            "frac": crystal.frac.tolist(),
            "species": [symbol_of(int(number)) for number in crystal.numbers],
        }
        for copy in range(COPIES)
        for name, crystal in zip(alloys.ids, alloys.crystals, strict=True)
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "some.jsonl").write_text(text)
    return tmp_path


@pytest.fixture
def predict(committee, files):
    """Return a call of `ngn predict`: `predict("name.csv", more flags)`."""

    def call(out, *more):
        source = f"--input={files / 'some.jsonl'}"
        jobs = ["--jobs=1", "--device=cpu"]
        kept = f"--out={files / out}"
        return workbench(["predict", str(committee), source, kept, *jobs, *more])

    return call


def chunks(files, out):
    return sorted(file.name for file in Chunks.folder_of(files / out).glob("*.csv"))


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGTERM, 75, "SIGTERM came: what is done is stored"),
        (signal.SIGINT, 130, "the same command continues"),
    ],
)
def test_a_signal_ends_a_call_and_the_same_call_goes_on(
    predict, files, capsys, monkeypatch, number, code, said
):
    assert predict("whole.csv") == 0
    write = Chunks.write

    def interrupted(self, place, rows):
        write(self, place, rows)
        os.kill(os.getpid(), number)

    # what a shell starts in the background does not hear Ctrl-C
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(Chunks, "write", interrupted)
            assert predict("p.csv") == code
    finally:
        signal.signal(signal.SIGINT, before)
    assert said in capsys.readouterr().err
    assert chunks(files, "p.csv") == ["00000000.csv"]
    assert predict("p.csv") == 0
    assert "256 of earlier calls were there" in capsys.readouterr().out
    assert (files / "p.csv").read_bytes() == (files / "whole.csv").read_bytes()


def test_a_signal_after_the_last_shard_does_not_undo_it(
    predict, files, capsys, monkeypatch
):
    join = Chunks.join

    def late(self):
        os.kill(os.getpid(), signal.SIGTERM)
        return join(self)

    monkeypatch.setattr(Chunks, "join", late)
    assert predict("p.csv") == 0
    assert (files / "p.csv").exists()


def test_a_call_ends_with_75_when_its_time_is_over(predict, files, capsys, monkeypatch):
    write = Chunks.write

    def slow(self, place, rows):
        write(self, place, rows)
        time.sleep(2)

    monkeypatch.setattr(Chunks, "write", slow)
    assert predict("p.csv", "--max-time=1s") == 75
    assert "--max-time 1s is over" in capsys.readouterr().err
    assert len(chunks(files, "p.csv")) <= 1


def test_what_is_written_is_not_screened(committee, files, capsys):
    call = ["predict", str(committee), f"--input={files}", f"--out={files / 'p.csv'}"]
    assert workbench(call) == 2
    assert "is inside of --input" in capsys.readouterr().err


def test_time_goes_with_input_alone(committee, files, capsys):
    call = ["predict", str(committee), str(files / "some.jsonl"), "--max-time=1m"]
    assert workbench(call) == 2
    assert "--max-time goes with --input" in capsys.readouterr().err
