"""The specs that come with ngn, and how names and paths find them."""

from __future__ import annotations

import os.path
from pathlib import Path
from typing import Any

from ngn_core.errors import Problem, SpecError
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.plain_yaml import read_yaml


def spec_folder() -> Path:
    """Return the folder of shipped specs: in the wheel, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    shipped = package / "specs"
    return shipped if shipped.is_dir() else package.parent / "specs"


def shipped_specs() -> dict[str, Path]:
    """Return the shipped specs by name: `cogn`, `literal/cogn`."""
    folder = spec_folder()
    return {
        file.relative_to(folder).with_suffix("").as_posix(): file
        for file in sorted(folder.rglob("*.yaml"))
    }


def look_up(name: str, folder: Path = Path()) -> Path | None:
    """Return the file that a path, or the name of a shipped spec, means, or None.

    Args:
        name: path of a file, or name of a shipped spec.
        folder: where relative paths start.
    """
    path = folder / name
    return path if os.path.isfile(path) else shipped_specs().get(name)


def find_spec(name: str) -> Path:
    """Return the spec file that a path, or the name of a shipped spec, means.

    Raises:
        SpecError: where there is neither.
    """
    file = look_up(name)
    if file is None:
        shipped = shipped_specs()
        found = "no such file and no shipped spec of that name"
        expected = f"a path, or one of {', '.join(shipped)}"
        suggestion = did_you_mean(Path(name).stem, shipped)
        raise SpecError([Problem(name, None, "(file)", found, expected, suggestion)])
    return file


def shipped_references() -> dict[str, dict[str, Any]]:
    """Return what shipped specs say of papers, by DOI."""
    found: dict[str, dict[str, Any]] = {}
    for file in shipped_specs().values():
        said = read_yaml(file.read_text(encoding="utf-8"))[0].get("reference") or {}
        if "doi" in said:
            paper = {key: value for key, value in said.items() if key != "note"}
            found.setdefault(said["doi"], paper)
    return found
