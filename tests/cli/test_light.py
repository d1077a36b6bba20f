"""A GPU node needs torch and what trains with it, and nothing that builds graphs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

from ngn_core.cli.compare import main

METALS = ("Li", "Na", "K", "Rb", "Cs")
HEAVY = ("pymatgen", "spglib", "matminer", "matbench")

BLOCKED = f"""
import sys
for name in {HEAVY!r}:
    sys.modules[name] = None  # an import of it now raises ImportError
from ngn_core.cli.compare import main
sys.exit(main(sys.argv[1:]))
"""


def rows() -> str:
    """Ten salts, one row each."""
    lines = []
    for number, (metal, other) in enumerate(product(METALS, ("F", "Cl"))):
        a = 4.0 + 0.2 * number
        lattice = [[0, a / 2, a / 2], [a / 2, 0, a / 2], [a / 2, a / 2, 0]]
        row = {"id": f"c{number}", "lattice": lattice, "species": [metal, other]}
        frac = [[0.0, 0.0, 0.0], [0.5, 0.5, 0.5]]
        lines.append(json.dumps({**row, "frac": frac, "gap": 1.0 + number % 5}))
    return "\n".join(lines) + "\n"


def test_a_comparison_of_packed_graphs_needs_no_builder_of_graphs(tmp_path: Path):
    data = tmp_path / "salts"
    data.mkdir()
    (data / "data.jsonl").write_text(rows())
    call = ["cgcnn", "--dataset", str(data), "--target", "gap"]
    call += ["--epochs", "1", "--costs", "none", "--cache", str(tmp_path / "cache")]
    call += ["--set", "network.blocks.0.repeat=1", "--out", str(tmp_path / "runs")]
    assert main(call) == 0
    shutil.rmtree(tmp_path / "runs")
    command = [sys.executable, "-c", BLOCKED, *call]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "runs" / "report" / "comparison.md").exists()
