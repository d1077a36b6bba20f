"""Hold-outs: what no trial sees, and what it takes to read it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from ngn_core.cli.workbench import main
from ngn_core.comparison.open_run import open_run
from ngn_core.comparison.session import Request, compare
from ngn_core.crystal.elements import symbol_of
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.errors import DatasetError, TrialError
from ngn_core.experiment.result import read_result, write_result
from ngn_core.experiment.selection import select_target
from ngn_core.experiment.store import result_folders
from ngn_core.experiment.trial import make_trial
from ngn_core.prediction.holdout_log import READINGS
from ngn_core.prediction.holdout_score import read_holdouts
from ngn_core.prediction.predict import predict

CPU = torch.device("cpu")
SPLIT = SplitChoice("group:2", by="chemsys", holdout=0.2)
SMALL = (
    "network.embed.node.width=8",
    "network.blocks.0.repeat=1",
    "network.head.layers=[8, 1]",
)


def lines(registry, count=80, change=lambda row: row):
    for row in open_dataset("emt_alloys", registry).rows[:count]:
        crystal = row.crystal()
        plain = {
            "id": row.id,
            "lattice": crystal.lattice.tolist(),
            "frac": crystal.frac.tolist(),
            "species": [symbol_of(int(number)) for number in crystal.numbers],
            "energy": row.columns["formation_energy"],
            "phase": "metal" if len(crystal.frac) > 2 else "alloy",
        }
        yield json.dumps(change(plain)) + "\n"


def rows_of(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def held_out_ids(runs):
    (source,) = (runs / "holdout").iterdir()
    return json.loads(source.read_text())["held_out"]["ids"]


@pytest.fixture(scope="module")
def data(registry, tmp_path_factory):
    file = tmp_path_factory.mktemp("holdout") / "mine.jsonl"
    file.write_text("".join(lines(registry)))
    return file


def compared(data, out, registry, reporter, **asked):
    request = Request(
        specs=asked.pop("specs", ("cgcnn",)),
        dataset=str(data),
        targets=("energy",),
        assignments=asked.pop("assignments", SMALL),
        split=asked.pop("split", SPLIT),
        epochs=1,
        out=out,
        device="cpu",
        **asked,
    )
    (table,) = compare(request, open_run(request, registry, reporter))
    assert table.failures == ()
    return table


@pytest.fixture(scope="module")
def stored(data, registry, silent, tmp_path_factory):
    out = tmp_path_factory.mktemp("stored") / "runs"
    table = compared(data, out, registry, silent)
    return out, table


@pytest.fixture
def runs(stored, tmp_path):
    shutil.copytree(stored[0], tmp_path / "runs")
    return tmp_path / "runs"


def test_no_trial_of_any_fold_or_seed_sees_what_is_held_out(data, registry, small_spec):
    options = small_spec.train["regression"].model_copy(update={"validation": 0.2})
    spec = replace(small_spec, train={**small_spec.train, "regression": options})
    table = open_dataset(str(data), registry)
    everything = {row.id for row in table.rows}
    for choice in (SPLIT, SplitChoice("kfold:3", holdout=0.2)):
        selection = select_target(table, "energy", choice, registry)
        held_out = set(selection.held_out.ids)
        assert 0 < len(held_out) < 30
        crystals = selection.crystals(None)
        assert set(crystals.ids) == everything - held_out
        for fold in range(crystals.n_folds):
            for seed in range(2):
                parts = make_trial(spec, crystals, fold, seed, registry).parts
                assert all(len(part) for part in parts)
                seen = {crystals.ids[place] for part in parts for place in part}
                assert not seen & held_out


def test_a_hold_out_is_the_same_whatever_the_folds_and_the_limit(data, registry):
    table = open_dataset(str(data), registry)
    chosen = [
        select_target(table, "energy", choice, registry)
        for choice in (SPLIT, SplitChoice("group:3", by="chemsys", holdout=0.2))
    ]
    assert chosen[0].held_out == chosen[1].held_out
    limited = chosen[0].crystals(20)
    assert limited.held_out == chosen[0].held_out
    assert not set(limited.ids) & set(limited.held_out.ids)


def test_the_hold_out_is_part_of_a_trial_s_digest(data, registry, small_spec):
    table = open_dataset(str(data), registry)
    crystals = select_target(table, "energy", SPLIT, registry).crystals(None)
    trial = make_trial(small_spec, crystals, 0, 0, registry)
    plain = replace(crystals, held_out=None)
    assert make_trial(small_spec, plain, 0, 0, registry).digest != trial.digest


def test_the_table_says_that_crystals_are_held_out(stored):
    runs, table = stored
    assert table.held_out > 0
    assert table.crystals + table.held_out == 80
    kept = [read_result(folder) for folder in result_folders(runs)]
    assert len({result.held_out for result in kept}) == 1


def test_scores_are_of_the_mean_over_the_trials(runs, data, registry, silent):
    (reading,) = read_holdouts(runs, registry, CPU, silent)
    found = {row.id: row.mean for row in predict([runs, data], registry, CPU).rows}
    true = {row["id"]: row["energy"] for row in rows_of(data)}
    errors = [abs(found[name] - true[name]) for name in reading.held_out.ids]
    (line,) = reading.lines
    assert line.trials == 2
    assert line.scores[0].name == "mae"
    assert line.scores[0].value == pytest.approx(np.mean(errors), abs=1e-6)
    each = []
    for folder in result_folders(runs):
        one = {row.id: row.mean for row in predict([folder, data], registry, CPU).rows}
        each.append(np.mean([abs(one[n] - true[n]) for n in reading.held_out.ids]))
    assert line.alone.mean == pytest.approx(np.mean(each), abs=1e-6)
    assert line.alone.std == pytest.approx(np.std(each), abs=1e-6)


def test_every_reading_is_recorded_and_counted(runs, registry, silent):
    for before in range(3):
        (reading,) = read_holdouts(runs, registry, CPU, silent)
        assert len(reading.before) == before
        text = (runs / READINGS).read_text(encoding="utf-8")
        entries = [json.loads(line) for line in text.splitlines()]
        assert len(entries) == before + 1
        assert entries[-1]["spec"] == "CGCNN"
        assert entries[-1]["held_out"] == reading.held_out.digest
        assert entries[-1]["crystals"] == len(reading.held_out.ids)
        assert entries[-1]["date"] > (reading.before[-1] if reading.before else "")
        assert entries[-1]["scores"][0]["value"] == reading.lines[0].scores[0].value


def test_the_command_says_how_often_it_was_read(runs, capsys):
    assert main(["holdout", str(runs), "--device", "cpu"]) == 0
    first = capsys.readouterr().out
    assert "held out (" in first
    assert "by chemsys)" in first
    assert "First reading" in first
    assert main(["holdout", str(runs), "--device", "cpu"]) == 0
    assert "read 1 time before" in capsys.readouterr().out


def test_what_cannot_be_recorded_is_not_shown(runs, registry, silent):
    (runs / READINGS).write_text("no record\n")
    with pytest.raises(TrialError, match=r"holdout\.jsonl:1: not a reading"):
        read_holdouts(runs, registry, CPU, silent)


def test_a_moved_dataset_is_read_from_where_it_is_now(
    runs, data, registry, silent, tmp_path
):
    moved = tmp_path / "moved.jsonl"
    shutil.copy(data, moved)
    (source,) = (runs / "holdout").iterdir()
    plain = json.loads(source.read_text())
    assert plain["dataset"] == str(data.resolve())
    plain["dataset"] = str(tmp_path / "gone.jsonl")
    source.write_text(json.dumps(plain))
    with pytest.raises(DatasetError, match=r"gone\.jsonl.* no such"):
        read_holdouts(runs, registry, CPU, silent)
    assert read_holdouts(runs, registry, CPU, silent, str(moved))


def test_a_changed_dataset_is_refused(runs, stored, registry, silent, tmp_path):
    held_out = set(
        json.loads(next((runs / "holdout").iterdir()).read_text())["held_out"]["ids"]
    )

    def shifted(row):
        more = 1e-3 if row["id"] in held_out else 0.0
        return {**row, "energy": row["energy"] + more}

    other = tmp_path / "other.jsonl"
    other.write_text("".join(lines(registry, change=shifted)))
    with pytest.raises(DatasetError, match="or their energy, have changed"):
        read_holdouts(runs, registry, CPU, silent, str(other))
    other.write_text("".join(lines(registry, 30)))
    with pytest.raises(DatasetError, match="are not there any more: emt-"):
        read_holdouts(runs, registry, CPU, silent, str(other))
    assert not (runs / READINGS).exists()


def test_a_folder_without_a_hold_out_is_a_sentence(data, registry, silent, tmp_path):
    compared(
        data,
        tmp_path / "runs",
        registry,
        silent,
        split=SplitChoice("kfold:2"),
        limit=20,
    )
    with pytest.raises(TrialError, match="no finished trial had a hold-out"):
        read_holdouts(tmp_path / "runs", registry, CPU, silent)
    assert not (tmp_path / "runs" / READINGS).exists()


def test_a_missing_note_of_what_was_held_out_is_a_sentence(runs, registry, silent):
    shutil.rmtree(runs / "holdout")
    with pytest.raises(TrialError, match="does not say what was held out"):
        read_holdouts(runs, registry, CPU, silent)


def test_a_trial_that_tested_on_held_out_crystals_is_named(runs, registry, silent):
    folder = next(result_folders(runs))
    result = read_result(folder)
    (_, true, found), *others = result.predictions
    swapped = (held_out_ids(runs)[0], true, found)
    write_result(replace(result, predictions=(swapped, *others)), folder)
    with pytest.raises(TrialError, match="tested on crystals that it says were held"):
        read_holdouts(runs, registry, CPU, silent)


def test_labels_of_the_state_mean_the_same_as_in_training(
    data, registry, silent, tmp_path
):
    out = tmp_path / "runs"
    split = SplitChoice("kfold:2", holdout=0.1)
    small = ("network.blocks.0.repeat=1",)
    compared(
        data,
        out,
        registry,
        silent,
        specs=("megnet",),
        assignments=small,
        split=split,
        state="phase",
    )
    (reading,) = read_holdouts(out, registry, CPU, silent)
    true, phase = {}, {}
    for row in rows_of(data):
        true[row["id"]], phase[row["id"]] = row["energy"], row["phase"]
    errors = []
    for label in {phase[name] for name in reading.held_out.ids}:
        rows = predict([out, data], registry, CPU, state=label).rows
        errors += [
            abs(row.mean - true[row.id])
            for row in rows
            if row.id in reading.held_out.ids and phase[row.id] == label
        ]
    assert reading.lines[0].scores[0].value == pytest.approx(np.mean(errors), abs=1e-5)
