"""A virtual environment of its own for each peer, made by pip from the registry."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

WHEELS = ("--prefer-binary", "--only-binary", "pyshtools,pymatgen,spglib")


def make_environment(folder: Path, pins: Sequence[str]) -> Path:
    """Return the Python that has these versions, its environment made where missing."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = folder / "pins.json"
    if done.exists() and json.loads(done.read_text()) == list(pins):
        return python
    venv.create(folder, with_pip=True, clear=True)
    (folder / ".gitignore").write_text("*\n")
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-compile",
        *WHEELS,
        *pins,
    ]
    subprocess.run(command, check=True)
    done.write_text(json.dumps(pins))
    return python
