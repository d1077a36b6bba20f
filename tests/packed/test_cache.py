"""What is read from the cache was written whole."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from ngn_core.graph.graph import CrystalGraph, Level
from ngn_core.packed import cache
from ngn_core.packed.cache import default_cache, read_packed, write_packed
from ngn_core.packed.packed import pack

FACTS = {"failures": {"c": "no group"}, "facts": {"a": {"shift": 0.1}, "b": {}}}


def graph(count, seed):
    rng = np.random.default_rng(seed)
    nodes = Level({"atomic_number": rng.integers(1, 90, 3)}, None, np.ones(3, int))
    ends = np.sort(rng.integers(0, 3, (2, 5)))
    lengths = {"length": rng.normal(size=5), "vector": rng.normal(size=(5, 3))}
    edges = Level(lengths, ends, np.arange(1, 6))
    angles = Level({"angle": rng.normal(size=count)}, np.zeros((2, count), int),
                   np.ones(count, int))  # fmt: skip
    return CrystalGraph((nodes, edges, angles), 3)


@pytest.fixture
def packed():
    return pack([graph(4, 0), graph(0, 1)]).with_crystal_column(
        "state", torch.tensor([1, 0])
    )


def assert_equal(one, two):
    assert one.crystals.keys() == two.crystals.keys()
    for name in one.crystals:
        assert torch.equal(one.crystals[name], two.crystals[name])
    assert len(one.levels) == len(two.levels)
    for level, other in zip(one.levels, two.levels, strict=True):
        assert level.columns.keys() == other.columns.keys()
        pairs = [(level.columns[name], other.columns[name]) for name in level.columns]
        pairs += [(level.multiplicity, other.multiplicity), (level.start, other.start)]
        assert (level.index is None) == (other.index is None)
        if level.index is not None:
            pairs.append((level.index, other.index))
        for values, others in pairs:
            assert values.dtype == others.dtype
            assert torch.equal(values, others)


def test_what_was_written_is_read(packed, tmp_path):
    folder = tmp_path / "not" / "there" / "yet"
    assert read_packed(folder) is None
    write_packed(packed, FACTS, folder)
    found, facts = read_packed(folder)
    assert_equal(found, packed)
    assert facts == FACTS
    assert [path.name for path in folder.parent.iterdir()] == ["yet"]


def cut(file):
    file.write_bytes(file.read_bytes()[:-8])


def flip(file):
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def reshape(file):
    np.save(file, np.load(file)[:-1])


def retype(file):
    np.save(file, np.load(file).astype(np.float32))


def empty(file):
    file.write_bytes(b"")


def zeros(file):
    file.write_bytes(bytes(len(file.read_bytes())))


def pickled(file):
    np.save(file, np.array([{}], dtype=object), allow_pickle=True)


def change(update):
    def damage(file):
        manifest = json.loads(file.read_text())
        update(manifest)
        file.write_text(json.dumps(manifest))

    return damage


MANIFEST, LENGTHS = "manifest.json", "level1.column.length.npy"
DAMAGES = {
    "manifest gone": (MANIFEST, lambda file: file.unlink()),
    "manifest cut": (MANIFEST, cut),
    "manifest empty": (MANIFEST, empty),
    "manifest zeros": (MANIFEST, zeros),
    "manifest a list": (MANIFEST, lambda file: file.write_text("[]")),
    "manifest not text": (MANIFEST, lambda file: file.write_bytes(b"\xff\xfe\xff")),
    "arrays a list": (MANIFEST, change(lambda m: m.update(arrays=[]))),
    "no depth": (MANIFEST, change(lambda m: m.pop("depth"))),
    "no facts": (MANIFEST, change(lambda m: m.pop("facts"))),
    "an array not named": (
        MANIFEST,
        change(lambda m: m["arrays"].pop("level1.multiplicity")),
    ),
    "array gone": (LENGTHS, lambda file: file.unlink()),
    "array cut": (LENGTHS, cut),
    "array empty": (LENGTHS, empty),
    "array zeros": (LENGTHS, zeros),
    "array one bit": (LENGTHS, flip),
    "array of another shape": (LENGTHS, reshape),
    "array of another type": (LENGTHS, retype),
    "array pickled": (LENGTHS, pickled),
}


@pytest.mark.parametrize(("name", "damage"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_folder_is_not_read_and_is_written_anew(
    packed, tmp_path, name, damage
):
    folder = tmp_path / "graphs"
    write_packed(packed, FACTS, folder)
    damage(folder / name)
    assert read_packed(folder) is None
    write_packed(packed, FACTS, folder)
    assert_equal(read_packed(folder)[0], packed)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_sound_folder_stays_as_it_is(packed, tmp_path):
    folder = tmp_path / "graphs"
    write_packed(packed, FACTS, folder)
    write_packed(packed, {"facts": "others"}, folder)
    assert read_packed(folder)[1] == FACTS


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_write_leaves_nothing(packed, tmp_path, monkeypatch, error):
    saved = []

    def save(file, values):
        if len(saved) == 3:
            raise error
        saved.append(file)

    monkeypatch.setattr(cache.np, "save", save)
    monkeypatch.setattr(cache, "_sha256", str)
    with pytest.raises(error):
        write_packed(packed, FACTS, tmp_path / "graphs")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
import numpy as np
import torch
from ngn_core.packed import cache
from ngn_core.packed.packed import PackedGraphs, PackedLevel

save, saved = np.save, []
def dying(file, values):
    if len(saved) == 3:
        Path(file).write_bytes(b"half")
        os._exit(9)
    saved.append(file)
    save(file, values)
cache.np.save = dying
ones = torch.ones(3)
graphs = PackedGraphs((PackedLevel({"a": ones}, None, ones, ones),), {"atoms": ones})
cache.write_packed(graphs, {}, Path(sys.argv[1]))
"""


def test_a_killed_write_is_never_read(packed, tmp_path):
    folder = tmp_path / "graphs"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert killed.returncode == 9
    assert [path.name[:9] for path in tmp_path.iterdir()] == [".partial-"]
    assert read_packed(folder) is None
    write_packed(packed, FACTS, folder)
    assert_equal(read_packed(folder)[0], packed)


def test_the_faster_of_two_writers_wins(packed, tmp_path, monkeypatch):
    folder = tmp_path / "graphs"
    fill = cache._fill

    def overtaken(*arguments):
        fill(*arguments)
        monkeypatch.setattr(cache, "_fill", fill)
        write_packed(packed, FACTS, folder)

    monkeypatch.setattr(cache, "_fill", overtaken)
    write_packed(packed, {"facts": "slow"}, folder)
    found, facts = read_packed(folder)
    assert_equal(found, packed)
    assert facts == FACTS
    assert list(tmp_path.iterdir()) == [folder]


def test_a_writer_overtaken_at_the_last_moment_is_content(
    packed, tmp_path, monkeypatch
):
    folder = tmp_path / "graphs"
    rename = cache.Path.rename

    def overtaken(path, target):
        monkeypatch.setattr(cache.Path, "rename", rename)
        write_packed(packed, FACTS, folder)
        return rename(path, target)

    monkeypatch.setattr(cache.Path, "rename", overtaken)
    write_packed(packed, {"facts": "slow"}, folder)
    assert read_packed(folder)[1] == FACTS
    assert list(tmp_path.iterdir()) == [folder]


def test_many_writers_and_readers_meet_whole_graphs_only(packed, tmp_path):
    folder = tmp_path / "graphs"
    folder.mkdir()
    (folder / "manifest.json").write_text("damaged")

    def write(_):
        write_packed(packed, FACTS, folder)
        return read_packed(folder)

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(write, range(24)))
    for graphs, _ in filter(None, found):
        assert_equal(graphs, packed)
    assert_equal(read_packed(folder)[0], packed)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("inside", ["graphs", "deeper/graphs"])
def test_a_cache_that_cannot_be_written_is_named_in_a_sentence(
    packed, tmp_path, inside
):
    (tmp_path / "cache").write_text("a file, not a folder")
    folder = tmp_path / "cache" / inside
    assert read_packed(folder) is None
    with pytest.raises(OSError, match="cannot write the graphs to .*graphs: .*"):
        write_packed(packed, FACTS, folder)


def test_a_full_disk_leaves_nothing_and_is_named_in_a_sentence(
    packed, tmp_path, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "save", full)
    with pytest.raises(OSError, match=r"cannot write the graphs to .*No space left"):
        write_packed(packed, FACTS, tmp_path / "graphs")
    assert list(tmp_path.iterdir()) == []


def test_the_cache_is_where_the_system_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "ngn" / "graphs"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert default_cache() == tmp_path / "me" / ".cache" / "ngn" / "graphs"
