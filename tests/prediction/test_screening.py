"""Screening: one row an input, flags, intervals, and interruptions."""

from __future__ import annotations

import csv
import gzip
import json
import multiprocessing
import subprocess

import pytest
import torch

from ngn_core.crystal.elements import symbol_of
from ngn_core.errors import DatasetError, NGNError
from ngn_core.prediction import screening
from ngn_core.prediction.calibrated import read_calibrated
from ngn_core.prediction.chunks import Chunks
from ngn_core.prediction.export import export, read_exported
from ngn_core.prediction.predict import predict
from ngn_core.prediction.screened import COLUMNS, Cells
from ngn_core.prediction.screened_input import content_of, rows_of
from ngn_core.prediction.screening import Screening, screen
from ngn_core.prediction.top_rows import TopRows

CPU = torch.device("cpu")
BROKEN = 3


@pytest.fixture(scope="module")
def model(committee, registry):
    return read_calibrated([committee], registry)


@pytest.fixture(scope="module")
def structures(alloys, tmp_path_factory):
    """Ten training crystals, one of them broken, and three that leave their domain."""
    file = tmp_path_factory.mktemp("structures") / "some.jsonl"
    rows = [
        {
            "id": name,
            "lattice": crystal.lattice.tolist(),
            "frac": crystal.frac.tolist(),
            "species": [symbol_of(int(number)) for number in crystal.numbers],
        }
        for name, crystal in zip(alloys.ids[:10], alloys.crystals, strict=False)
    ]
    rows[BROKEN]["frac"][0] = [0.0, 0.0]
    cube = [[6.0, 0.0, 0.0], [0.0, 6.0, 0.0], [0.0, 0.0, 6.0]]
    apart = {"lattice": cube, "frac": [[0, 0, 0]], "species": ["U"]}
    near = {**rows[0], "frac": [[0, 0, 0], [0.02, 0.0, 0.0]], "species": ["Cu", "Cu"]}
    near["lattice"] = [[50.0, 0, 0], [0, 50.0, 0], [0, 0, 50.0]]
    rows += [{**apart, "id": "uranium"}, {**near, "id": "pair"}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def screened(model, structures, registry, out, *, rank=None, rows=None, **changes):
    asked = Screening(
        model, str(structures), content_of(structures), out, CPU, shard=4, **changes
    )
    rows = rows_of(structures, registry) if rows is None else rows
    summary = screen(asked, rows, registry, rank or TopRows(0))
    if out.suffix == ".parquet":
        return summary, None
    with out.open() as file:
        return summary, list(csv.DictReader(file))


def cut_before_joining(model, structures, registry, out, monkeypatch):
    """Screen, interrupted when all parts are there and none is joined."""

    def refuse(self):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Chunks, "join", refuse)
        with pytest.raises(KeyboardInterrupt):
            screened(model, structures, registry, out)


@pytest.fixture(scope="module")
def whole(model, structures, registry, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "p.csv"
    return *screened(model, structures, registry, out), out


def test_every_input_has_its_row_and_its_prediction(
    whole, structures, committee, registry
):
    summary, rows, _ = whole
    ids = [json.loads(line)["id"] for line in structures.read_text().splitlines()]
    assert [row["id"] for row in rows] == ids
    assert (summary.structures, summary.failed) == (12, 1)
    assert "frac" in rows[BROKEN]["error"]
    assert not rows[BROKEN]["mean"]
    expected = predict([committee, structures], registry, CPU, "skip").rows
    found = {row["id"]: row["mean"] for row in rows if row["mean"]}
    assert len(expected) == len(found) == 11
    for one in expected:
        assert float(found[one.id]) == pytest.approx(one.mean, abs=1e-6)


def test_spreads_and_interval_are_of_the_trials(whole, model):
    _, rows, _ = whole
    row = rows[0]
    assert float(row["fold_spread"]) > 0
    assert float(row["seed_spread"]) > 0
    assert float(row["lower"]) < float(row["mean"]) < float(row["upper"])
    assert sum(map(len, model.residuals.values())) > 9


def test_flags_say_what_left_the_training_crystals(whole, alloys):
    _, rows, _ = whole
    found = {row["id"]: row for row in rows}
    known = {name for name in alloys.ids if name in found}
    for name in known - {alloys.ids[BROKEN]}:
        assert found[name]["unseen_elements"] == ""
        assert found[name]["volume_outside"] == found[name]["bond_outside"] == ""
        assert found[name]["formula_duplicate"]
    uranium, pair = found["uranium"], found["pair"]
    assert uranium["unseen_elements"] == "U"
    assert float(uranium["volume_outside"]) == pytest.approx(216.0)
    assert float(uranium["bond_outside"]) == pytest.approx(6.0)
    assert float(pair["bond_outside"]) == pytest.approx(1.0)
    assert uranium["formula_duplicate"] == ""


def test_an_interrupted_call_goes_on_and_does_nothing_twice(
    whole, model, structures, registry, tmp_path, monkeypatch
):
    _, _, expected = whole
    out = tmp_path / "p.csv"
    write, written = Chunks.write, []

    def interrupted(self, number, rows):
        if written == [0, 1]:
            raise KeyboardInterrupt
        written.append(number)
        write(self, number, rows)

    monkeypatch.setattr(Chunks, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        screened(model, structures, registry, out)
    assert not out.exists()
    monkeypatch.setattr(
        Chunks, "write", lambda self, n, rows: (written.append(n), write(self, n, rows))
    )
    screened(model, structures, registry, out)
    assert written == [0, 1, 2]
    assert out.read_bytes() == expected.read_bytes()
    assert not Chunks.folder_of(out).exists()


@pytest.mark.parametrize("left", [0, 40, -9])
def test_a_part_that_is_not_whole_is_made_again(
    whole, model, structures, registry, tmp_path, monkeypatch, left
):
    _, _, expected = whole
    out = tmp_path / "p.csv"
    cut_before_joining(model, structures, registry, out, monkeypatch)
    file = sorted(Chunks.folder_of(out).glob("*.csv"))[1]
    file.write_bytes(file.read_bytes()[:left])
    summary, _ = screened(model, structures, registry, out)
    assert summary.timing.new == 4
    assert out.read_bytes() == expected.read_bytes()


def test_parts_of_another_input_are_not_mixed_in(
    model, structures, registry, tmp_path, monkeypatch
):
    out = tmp_path / "p.csv"
    cut_before_joining(model, structures, registry, out, monkeypatch)
    other = tmp_path / "other.jsonl"
    other.write_text(structures.read_text())
    with pytest.raises(NGNError, match="parts of another screening"):
        screened(model, other, registry, out)


def test_no_more_than_a_shard_is_read_ahead(model, structures, registry, tmp_path):
    """Constant memory: of an endless input, rows are read when they are wanted."""
    read = []

    def endless():
        rows = list(rows_of(structures, registry))
        while True:
            read.append(len(read))
            yield rows[0]

    class EnoughError(Exception):
        pass

    def stop(timing):
        assert len(read) <= timing.done + 4
        if timing.done >= 12:
            raise EnoughError

    asked = Screening(model, "s", "c", tmp_path / "p.csv", CPU, shard=4)
    with pytest.raises(EnoughError):
        screen(asked, endless(), registry, TopRows(0), stop)


def test_worker_processes_give_the_same_file_and_the_time_is_told(
    whole, model, structures, registry, tmp_path
):
    alone, _, expected = whole
    summary, _ = screened(model, structures, registry, tmp_path / "p.csv", jobs=2)
    assert (tmp_path / "p.csv").read_bytes() == expected.read_bytes()
    for timing in (alone.timing, summary.timing):
        assert (timing.done, timing.new) == (12, 12)
        assert min(timing.graphs, timing.waited, timing.networks) > 0
    assert alone.timing.waited >= alone.timing.graphs


def test_a_worker_that_is_killed_is_a_sentence_and_the_next_call_goes_on(
    whole, model, structures, registry, tmp_path
):
    _, _, expected = whole
    out = tmp_path / "p.csv"

    def rows():
        for place, row in enumerate(rows_of(structures, registry)):
            if place == 4:  # the first shard is being built
                for worker in multiprocessing.active_children():
                    worker.kill()
            yield row

    with pytest.raises(NGNError, match="was killed, .* the same command goes on"):
        screened(model, structures, registry, out, rows=rows(), jobs=2)
    screened(model, structures, registry, out)
    assert out.read_bytes() == expected.read_bytes()


def test_a_folder_of_files_is_read_in_the_order_of_their_names(
    whole, model, structures, registry, tmp_path
):
    _, _, expected = whole
    lines = structures.read_text().splitlines(keepends=True)
    (tmp_path / "in").mkdir()
    with gzip.open(tmp_path / "in" / "a.jsonl.gz", "wt") as file:
        file.writelines(lines[:5])
    (tmp_path / "in" / "b.jsonl").write_text("".join(lines[5:]))
    (tmp_path / "in" / "README.txt").write_text("not a structure")
    screened(model, tmp_path / "in", registry, tmp_path / "p.csv")
    assert (tmp_path / "p.csv").read_bytes() == expected.read_bytes()


def test_a_file_that_is_cut_off_is_a_sentence_that_says_where(
    model, structures, registry, tmp_path
):
    packed = gzip.compress(structures.read_bytes() * 50)
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(packed[: len(packed) // 2])
    out = tmp_path / "p.csv"
    with pytest.raises(DatasetError, match=r"cannot be read.*after \d+ structures"):
        screened(model, cut, registry, out)
    assert not out.exists()


def test_a_broken_file_of_a_folder_has_its_row(model, registry, cif, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.cif").write_text(cif)
    (tmp_path / "in" / "half.cif").write_text(cif[: len(cif) // 2])
    (tmp_path / "in" / "noise.cif").write_bytes(bytes(range(256)))
    summary, rows = screened(model, tmp_path / "in", registry, tmp_path / "p.csv")
    assert [row["id"] for row in rows] == ["good.cif", "half.cif", "noise.cif"]
    assert [bool(row["error"]) for row in rows] == [False, True, True]
    assert [bool(row["mean"]) for row in rows] == [True, False, False]
    assert summary.failed == 2


def test_a_full_disk_names_the_file_and_the_next_call_goes_on(
    whole, model, structures, registry, tmp_path
):
    _, _, expected = whole
    disk = tmp_path / "disk"
    disk.mkdir()
    asked = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a file system")
    try:
        (disk / "ballast").write_bytes(bytes(56 * 1024))
        with pytest.raises(OSError, match=r"No space left.*p\.csv"):
            screened(model, structures, registry, disk / "p.csv")
        assert not (disk / "p.csv").exists()
        (disk / "ballast").unlink()
        screened(model, structures, registry, disk / "p.csv")
        assert (disk / "p.csv").read_bytes() == expected.read_bytes()
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_parquet_holds_the_same_with_types(
    whole, model, structures, registry, tmp_path
):
    parquet = pytest.importorskip("pyarrow.parquet")
    _, rows, _ = whole
    screened(model, structures, registry, tmp_path / "p.parquet")
    table = parquet.read_table(tmp_path / "p.parquet").to_pylist()
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    assert table[0]["mean"] == float(rows[0]["mean"])
    assert table[BROKEN]["mean"] is None


def test_an_exported_model_screens_alike_but_for_duplicates(
    whole, model, structures, registry, tmp_path
):
    _, rows, _ = whole
    export(model, tmp_path / "model")
    exported = read_exported(tmp_path / "model", registry)
    _, found = screened(exported, structures, registry, tmp_path / "p.csv")
    assert found == [{**row, "formula_duplicate": ""} for row in rows]


def test_the_best_are_those_of_a_full_sort(whole, model, structures, registry):
    _, rows, _ = whole
    texts = [list(row.values()) for row in rows]
    for by in ("mean", "lower", "upper"):
        for least in (False, True):
            ranking = TopRows(3, by, least)
            for cells in texts:
                ranking.see(cells)
            values = sorted(
                (float(row[by]) for row in rows if row[by]), reverse=not least
            )
            place = COLUMNS.index(by)
            assert [float(row[place]) for row in ranking.best()] == values[:3]


def test_inputs_of_ase_are_read(model, registry, tmp_path):
    from ase.build import bulk
    from ase.db import connect
    from ase.io import write

    atoms = [bulk("Cu", a=3.6), bulk("Ni", a=3.5)]
    atoms[1].info["id"] = "nickel"
    write(tmp_path / "two.extxyz", atoms, format="extxyz")
    with connect(tmp_path / "two.db") as database:
        for one in atoms:
            database.write(one, material_id="m" if one is atoms[0] else "n")
    found = {}
    for name in ("two.extxyz", "two.db"):
        _, rows = screened(model, tmp_path / name, registry, tmp_path / "p.csv")
        found[name] = rows
    frames, stored = found.values()
    assert [row["id"] for row in frames] == ["1", "nickel"]
    assert [row["id"] for row in stored] == ["m", "n"]
    for one, other in zip(frames, stored, strict=True):
        assert float(one["mean"]) == pytest.approx(float(other["mean"]), abs=1e-6)


def test_mistakes_are_sentences(model, structures, registry, tmp_path):
    with pytest.raises(DatasetError, match="no such file"):
        rows_of(tmp_path / "nothing.jsonl", registry)
    with pytest.raises(NGNError, match=r"ending in \.csv or \.parquet"):
        screened(model, structures, registry, tmp_path / "p.xlsx")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match=r"--input .*: the folder is empty"):
        rows_of(tmp_path / "empty", registry)


def test_one_trial_gives_no_spread_and_few_residuals_no_interval():
    assert Cells("a", 1.0).plain() == ["a", "1.0"] + [""] * 10
    assert screening.assumption({0: torch.ones(3).numpy()}).startswith("No interval: 3")
