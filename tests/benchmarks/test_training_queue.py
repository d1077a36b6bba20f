"""The queue of full trainings: its order, what is missing, what becomes of a trial."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from ngn_core.experiment.result import write_result
from ngn_core.experiment.stored import read_results

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "training_queue.py"
ARCHIVE = SCRIPT.parent / "results" / "reproduction.tar.xz"


@pytest.fixture
def cogn():
    return [one for one in read_results([ARCHIVE]) if one.spec == "coGN"]


@pytest.fixture
def archive(tmp_path):
    return Path(shutil.copy(ARCHIVE, tmp_path / "study.tar.xz"))


def congn_like(result, hours=0.0):
    """Return a trial as coNGN's on the same fold would be."""
    digest = f"{result.fold}{result.dataset}".ljust(64, "0")
    cost = {**result.cost, "train_seconds": 3600 * hours * result.epochs / 800}
    return replace(result, spec="coNGN", digest=digest, model="m" * 64, cost=cost)


def test_the_first_dataset_comes_first_in_the_given_order(script, cogn):
    found = script.queue(cogn)
    assert len(found) == 2 * 9 * 5
    jdft2d, phonons = found[:45], found[45:]
    assert [one.spec for one in jdft2d[::5]] == list(script.SPECS)
    assert [one.fold for one in jdft2d[:5]] == list(range(5))
    assert {one.dataset for one in jdft2d} == {"matbench_jdft2d"}
    assert {one.dataset for one in phonons} == {"matbench_phonons"}


def test_the_second_dataset_goes_by_cost(script, cogn):
    first = [one for one in cogn if one.dataset == script.FIRST]
    names = {one.spec: one.name for one in script.queue(cogn)}
    hours = {"painn": 0.5, "cgcnn": 0.1, "congn": 2.0}
    stored = [
        replace(congn_like(one, hours[spec]), spec=names[spec])
        for spec in hours
        for one in first
    ]
    found = script.queue(cogn + stored)
    jdft2d, phonons = found[:45], found[45:]
    assert [one.spec for one in phonons[:15:5]] == ["cgcnn", "painn", "congn"]
    rest = [spec for spec in script.SPECS if spec not in hours]
    assert [one.spec for one in phonons[15::5]] == rest
    (there,) = {one.hours for one in jdft2d if one.spec == "cgcnn"}
    assert phonons[0].hours > there  # there are more crystals
    assert phonons[-1].hours is None


def test_what_is_there_is_not_missing(script, cogn):
    there = congn_like(next(one for one in cogn if one.dataset == script.FIRST))
    left = script.missing([*cogn, there])
    assert len(left) == len(script.queue(cogn)) - 1
    assert (there.dataset, there.fold) not in [(o.dataset, o.fold) for o in left[:4]]
    *lines, last = script.told(left)
    assert len(lines) == len(left)
    assert last.startswith("89 trials to go: ")


def test_a_finished_trial_is_added_with_what_is_known_of_its_fold(
    script, cogn, archive, tmp_path
):
    trained = congn_like(cogn[0])
    folder = tmp_path / "runs" / trained.digest[:16]
    folder.mkdir(parents=True)
    write_result(replace(trained, facts=None), folder)
    before = read_results([archive])
    script.add(archive, tmp_path / "runs")
    after = read_results([archive])
    (added,) = (one for one in after if one.spec == "coNGN")
    assert added.facts == cogn[0].facts
    assert added.predictions == trained.predictions
    assert [one for one in after if one is not added] == before
    grown = archive.read_bytes()
    script.add(archive, tmp_path / "runs")
    assert archive.read_bytes() == grown


@pytest.mark.parametrize(
    ("codes", "trials", "added"), [([0, 0, 0], 2, 2), ([0, 75], None, 1), ([75], 3, 0)]
)
def test_trials_are_trained_in_order_until_it_is_enough(
    script, tmp_path, monkeypatch, codes, trials, added
):
    calls, sums = [], []
    answers = iter(codes)

    def run(command, env, check):
        calls.append(command)
        assert env["OMP_NUM_THREADS"] == "1"
        return SimpleNamespace(returncode=next(answers))

    monkeypatch.setattr(script.subprocess, "run", run)
    monkeypatch.setattr(script, "add", lambda *_: sums.append(1))
    left = script.missing(read_results([ARCHIVE]))
    script.work(ARCHIVE, left[:trials], "", tmp_path, 1.0)
    assert len(sums) == added
    for command, one in zip(calls, left, strict=False):
        assert command[3:6] == [one.spec, "--dataset", one.dataset]
        assert f"{one.fold + 1}/5" in command
        assert command[-2] == "--max-time"


def test_a_training_that_fails_ends_the_queue(script, tmp_path, monkeypatch):
    failed = SimpleNamespace(returncode=1)
    monkeypatch.setattr(script.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SystemExit):
        script.work(ARCHIVE, script.queue([])[:2], "", tmp_path)


def test_hours_follow_from_the_seconds_of_an_epoch(script, cogn):
    short = replace(congn_like(cogn[0]), epochs=10, dataset=script.FIRST)
    timed = replace(short, cost={**short.cost, "train_seconds": 60.0})
    found = script.missing(cogn, [timed])
    (hours,) = {one.hours for one in found if one.name == "coNGN"} - {found[45].hours}
    assert hours == pytest.approx(600 * 6 / 3600)  # as its file says: 600 epochs
