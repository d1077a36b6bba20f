"""A virtual environment of its own for each peer, made by pip from the registry."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WHEELS = ("--prefer-binary", "--only-binary", "pyshtools,pymatgen,spglib")


@dataclass(frozen=True)
class Checkout:
    """Code that its authors publish as a repository alone.

    Attributes:
        url: of the repository.
        commit: that is taken.
    """

    url: str
    commit: str

    def __str__(self) -> str:
        """Return the repository's name and the commit."""
        return f"{self.url.removeprefix('https://github.com/')} {self.commit[:7]}"

    def make(self, folder: Path) -> Path:
        """Return the folder that has this commit, cloned where missing."""
        git = ["git", "-C", str(folder)]
        if not folder.exists():
            subprocess.run(["git", "clone", "--quiet", self.url, folder], check=True)
        subprocess.run([*git, "checkout", "--quiet", self.commit], check=True)
        return folder


def make_environment(
    folder: Path, pins: Sequence[str], built: Sequence[str] = ()
) -> Path:
    """Return the Python that has these versions, its environment made where missing.

    Args:
        folder: of the environment.
        pins: of wheels.
        built: that are compiled here, against what `pins` brought.
    """
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = folder / "pins.json"
    if done.exists() and json.loads(done.read_text()) == [*pins, *built]:
        return python
    venv.create(folder, with_pip=True, clear=True)
    (folder / ".gitignore").write_text("*\n")
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-compile"]
    subprocess.run([*install, *WHEELS, *pins], check=True)
    if built:
        subprocess.run([*install, "setuptools", "wheel"], check=True)
        subprocess.run([*install, "--no-build-isolation", *built], check=True)
    done.write_text(json.dumps([*pins, *built]))
    return python
