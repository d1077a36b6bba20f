"""Folders of reference data, whole, in part, and broken."""

import json
import shutil

import numpy as np
import pytest

LARGEST = 200
"""Edges of the largest crystals that tests run on; `ngn parity` runs on all."""


@pytest.fixture
def folder(shared, tmp_path):
    """A function that copies a folder of reference data, with its small crystals."""

    def copy(name, cases=None):
        source = shared / "parity" / name
        if not source.is_dir():
            pytest.skip(f"the reference data are not here: {source}")
        target = tmp_path / name
        target.mkdir()
        for file in ("config.json", "weights.npz"):
            shutil.copyfile(source / file, target / file)
        with (source / "cases.jsonl").open() as lines:
            found = [json.loads(line) for line in lines]
        kept = [
            case
            for case in found
            if case["graph"]["num_edges"] <= LARGEST
            and (cases is None or case["id"] in cases)
        ]
        write_cases(target, kept)
        return target

    return copy


def write_cases(folder, cases):
    """Write the cases of a folder."""
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    (folder / "cases.jsonl").write_text(lines)


@pytest.fixture
def change():
    """Functions that change what a folder says, in place."""
    return Change()


class Change:
    def config(self, folder, **values):
        file = folder / "config.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | values))

    def without(self, folder, key):
        file = folder / "config.json"
        config = json.loads(file.read_text())
        del config[key]
        file.write_text(json.dumps(config))

    def weights(self, folder, changed=None, removed=()):
        file = folder / "weights.npz"
        with np.load(file) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        for name in removed:
            del found[name]
        np.savez(file, **(found | (changed or {})))

    def cases(self, folder, edit):
        lines = (folder / "cases.jsonl").read_text().splitlines()
        cases = [json.loads(line) for line in lines]
        for case in cases:
            edit(case)
        write_cases(folder, cases)
