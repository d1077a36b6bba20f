"""Trials in one file are the trials in folders, or a sentence: nothing in between."""

from __future__ import annotations

import io
import os
import tarfile
from dataclasses import replace

import pytest

from ngn_core.costs.cost_files import read_costs
from ngn_core.errors import DamagedError, TrialError
from ngn_core.experiment import facts
from ngn_core.experiment.archive import pack, unpacked
from ngn_core.experiment.result import PREDICTIONS, write_result
from ngn_core.experiment.stored import read_results

KNOWN = facts.DatasetFacts(
    "d", 2, "official", tested={"a": facts.TestedCrystal("NaCl", 225, 2)}
)


@pytest.fixture
def runs(trial_result, tmp_path):
    """Two stored trials, one of them with facts."""
    for fold in (0, 1):
        digest = str(fold) * 64
        folder = tmp_path / "runs" / digest[:16]
        folder.mkdir(parents=True)
        rows = (("a", 1.0, 1.5), ("b", 2.0, 2.0625))
        made = trial_result("CGCNN", fold, 0.25, digest=digest, predictions=rows)
        write_result(replace(made, written="name: CGCNN\n"), folder)
        if fold:
            facts.write_facts(KNOWN, folder)
    return tmp_path / "runs"


@pytest.fixture
def archive(runs, tmp_path):
    file = tmp_path / "study.tar.xz"
    pack(runs, file)
    return file


def write_tar(file, members):
    """Write an archive of names and contents, or of members as they are."""
    with tarfile.open(file, "w:xz") as tar:
        for name, content in members:
            about = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return file


def test_an_archive_holds_what_the_folders_hold(runs, archive):
    assert read_results([archive]) == read_results([runs])
    assert read_results([archive, runs]) == read_results([runs])
    assert read_costs([archive]) == []


def test_equal_files_give_equal_bytes(runs, archive):
    before = archive.read_bytes()
    for file in sorted(runs.rglob("*.*"), reverse=True):
        os.utime(file, (1e9, 1e9))
        file.chmod(0o600)
    pack(runs, archive)
    assert archive.read_bytes() == before


def test_nothing_is_left_of_what_was_unpacked(archive):
    with unpacked(archive) as folder:
        assert len(list(folder.iterdir())) == 2
    assert not folder.exists()


def test_an_archive_that_is_cut_off_is_a_sentence(archive):
    whole = archive.read_bytes()
    for share in (0, 1, 10, 100, len(whole) // 2, len(whole) - 100):
        archive.write_bytes(whole[:share])
        with pytest.raises(TrialError, match=r"study\.tar\.xz: no archive of trials: "):
            read_results([archive])


def test_an_archive_with_a_changed_byte_is_a_sentence(archive):
    whole = bytearray(archive.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    archive.write_bytes(whole)
    with pytest.raises(TrialError, match=r"study\.tar\.xz: "):
        read_results([archive])


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b" + bytes(100)])
def test_another_file_is_no_archive(tmp_path, content):
    file = tmp_path / "x.json"
    file.write_bytes(content)
    for read in (read_results, read_costs):
        with pytest.raises(TrialError, match=r"x\.json: no archive of trials"):
            read([file])


@pytest.mark.parametrize(
    "name", ["../out.csv", "/out.csv", "a/../../out.csv", "a/b/c.csv", "a\\..\\out.csv"]
)
def test_no_file_is_written_elsewhere(tmp_path, name):
    file = write_tar(tmp_path / "x.tar.xz", [(name, b"1")])
    with pytest.raises(TrialError, match="is no file of a trial's folder"):
        read_results([file])
    assert [one.name for one in tmp_path.rglob("*")] == ["x.tar.xz"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_are_refused(tmp_path, kind):
    about = tarfile.TarInfo("a/result.json")
    about.type, about.linkname = kind, "/etc/hostname"
    file = write_tar(tmp_path / "x.tar.xz", [(about, b"")])
    with pytest.raises(TrialError, match="is a link or no file"):
        read_results([file])


def test_a_file_that_is_there_twice_is_refused(tmp_path):
    twice = [("a/result.json", b"1"), ("a/result.json", b"2")]
    file = write_tar(tmp_path / "x.tar.xz", twice)
    with pytest.raises(TrialError, match="is in it twice"):
        read_results([file])


def test_more_than_there_is_room_for_is_refused(archive, monkeypatch):
    monkeypatch.setattr("ngn_core.experiment.archive.LARGEST", 1000)
    with pytest.raises(TrialError, match="holds more than 1,000 bytes"):
        read_results([archive])


def test_an_archive_without_a_trial_is_said(tmp_path):
    file = write_tar(tmp_path / "x.tar.xz", [("notes.txt", b"1")])
    with pytest.raises(TrialError, match=r"x\.tar\.xz: no finished trial in it"):
        read_results([file])


def test_a_damaged_trial_is_named_in_its_archive(runs, archive):
    (runs / ("0" * 16) / PREDICTIONS).write_text("id\n")
    pack(runs, archive)
    with pytest.raises(DamagedError, match=r"study\.tar\.xz/0000000000000000: not a"):
        read_results([archive])


def test_an_archive_is_whole_or_as_it_was(runs, archive, monkeypatch):
    before = archive.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    with pytest.raises(TrialError, match="cannot write an archive to .*No space left"):
        pack(runs, archive)
    assert archive.read_bytes() == before
    assert {file.name for file in archive.parent.iterdir()} == {"runs", "study.tar.xz"}
