r"""What becomes of every structure of a dataset: a graph, or a sentence why not.

Each structure is built under `symmetry: none`, `asymmetric` and `orbits` with CGCNN's
edges (kNN-12), one network with random weights predicts all three in float64, and the
space group that was used is compared with spglib's own answer at the same symprec.
Printed and written as JSON: how many structures were built, refused (by reason), taken
without symmetry (by reason), how far the settings lie apart, and every structure whose
space group is not spglib's.

    python benchmarks/every_structure.py ../shared/data/spglib_poscars \
        ../shared/data/cif_zoo --out benchmarks/results/every_structure.json
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import spglib
import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays, read_cif
from ngn_core.errors import StructureError
from ngn_core.experiment.environment import environment
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.packed.packed import pack
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec

SETTINGS = ("none", "asymmetric", "orbits")
SYMPREC = 1e-3
"""Å, where the dataset names none."""


def rows(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a folder's data.jsonl.gz."""
    with gzip.open(folder / "data.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def read(row: Mapping[str, Any]) -> Crystal:
    """Return the crystal of a row: a CIF, or arrays with elements or integers.

    Raises:
        StructureError: where it is none.
    """
    if "cif" in row:
        return read_cif(row["cif"])
    if row.get("species"):
        return from_arrays(row["lattice"], row["species"], row["frac"])
    kinds = tuple(((kind, 1.0),) for kind in row["types"])
    return Crystal(np.array(row["lattice"]), np.array(row["frac"]), kinds)


def spglib_answer(crystal: Crystal, symprec: float) -> int | None:
    """Return the number of the space group that spglib itself reports."""
    cell = (crystal.lattice, crystal.frac, crystal.numbers)
    refusal = getattr(spglib, "SpglibError", RuntimeError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            found = spglib.get_symmetry_dataset(cell, symprec=symprec)
    except refusal:
        return None
    return None if found is None else int(found.number)


class Settings:
    """A network and its graph builders, for one spec and any symprec."""

    def __init__(self, spec: Spec) -> None:
        torch.manual_seed(0)
        self.spec = spec
        self.network: Network = build_network(spec).double().eval()
        self.columns = architecture_of(spec).columns

    @torch.no_grad()
    def outputs(
        self, crystal: Crystal, symprec: float
    ) -> tuple[dict[str, float], Mapping[str, Any]]:
        """Return the prediction in each setting, and the facts of the quotient."""
        found = {}
        for setting in SETTINGS:
            changes = {"symmetry": setting, "symprec": symprec}
            options = self.spec.graph.options.model_copy(update=changes)
            tolerance = max(1e-2, 5 * symprec)
            edges = self.spec.graph.edges.build()
            edges.options = edges.options.model_copy(update={"tolerance": tolerance})
            graph = GraphBuilder(options, edges, self.columns)(crystal)
            batch = pack([graph]).to("cpu", torch.float64).batch(torch.arange(1))
            found[setting] = self.network(batch).item()
        return found, graph.facts


def survey(folder: Path, settings: Settings, largest: int) -> dict[str, Any]:
    """Return what became of every structure of a folder."""
    refused: dict[str, list[str]] = {}
    taken: Counter[str] = Counter()
    without: dict[str, list[str]] = {}
    other: list[dict[str, Any]] = []
    left, finders = [], Counter[str]()
    outputs: dict[str, dict[str, float]] = {}
    total = 0
    for row in rows(folder):
        total += 1
        name = row["id"]
        symprec = float(row.get("symprec") or SYMPREC)
        try:
            crystal = read(row)
            if len(crystal.frac) > largest:
                left.append(name)
                continue
            assert len(crystal.numbers)  # refuses what is partly occupied
            outputs[name], facts = settings.outputs(crystal, symprec)
        except StructureError as error:
            refused.setdefault(_kind(str(error)), []).append(name)
            continue
        finders[str(facts["finder"]).split()[0]] += 1
        for key in ("symmetry_failure", "large_shift"):
            if key in facts:
                without.setdefault(_kind(facts[key]), []).append(name)
        answer = spglib_answer(crystal, symprec)
        used = facts["space_group_number"]
        taken["spglib's" if used == answer else "not spglib's"] += 1
        if used != answer:
            reason = facts.get("large_shift") or facts.get("symmetry_failure")
            other.append(
                {
                    "id": name,
                    "used": used,
                    "spglib": answer,
                    "finder": facts["finder"],
                    "why": reason or "the finder's own answer",
                }
            )
    values = np.array([list(found.values()) for found in outputs.values()])
    scale = max(float(values[:, 0].std()), 1e-30)
    apart = np.abs(values - values[:, :1]).max(axis=1) / scale
    worst = int(apart.argmax())
    return {
        "structures": total,
        "built": len(outputs),
        "largest_deviation_in_standard_deviations": float(apart[worst]),
        "its_id": list(outputs)[worst],
        "refused": {why: len(names) for why, names in refused.items()},
        "refused_first": {why: names[0] for why, names in refused.items()},
        "without_symmetry": {why: len(names) for why, names in without.items()},
        "finders": dict(finders),
        "space_groups": dict(taken),
        "not_spglib": other,
        "left_out_as_larger": left,
    }


def _kind(sentence: str) -> str:
    """Return a sentence without what differs from crystal to crystal."""
    first = sentence.splitlines()[0]
    return re.sub(r"\(.*?\)|\[.*?\]|[-+]?\d[\d.e+-]*", "*", first)[:120]


def main() -> None:
    """Survey the folders that are named."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--largest", type=int, default=10_000, metavar="SITES")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    registry = collect(plugin_manager([]))
    (spec,) = load_specs(["cgcnn"], registry)
    settings = Settings(spec)
    found = {
        "spec": spec.name,
        "sets": {
            folder.name: survey(folder, settings, asked.largest)
            for folder in asked.folders
        },
        "environment": environment(torch.device("cpu")),
    }
    text = json.dumps(found, indent=1)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
