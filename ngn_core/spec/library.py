"""The specs that come with ngn, and how names and paths find them."""

from __future__ import annotations

import difflib
from pathlib import Path

from ngn_core.errors import Problem, SpecError


def spec_folder() -> Path:
    """Return the folder of shipped specs: in the wheel, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    shipped = package / "specs"
    return shipped if shipped.is_dir() else package.parent / "specs"


def shipped_specs() -> dict[str, Path]:
    """Return the shipped specs by name: `cogn`, `published/cogn`."""
    folder = spec_folder()
    return {
        file.relative_to(folder).with_suffix("").as_posix(): file
        for file in sorted(folder.rglob("*.yaml"))
    }


def find_spec(name: str, folder: Path | None = None) -> Path:
    """Return the spec file that a path, or the name of a shipped spec, means.

    Args:
        name: path of a file, or name of a shipped spec.
        folder: where relative paths start; the working folder if None.

    Raises:
        SpecError: where there is neither.
    """
    path = (folder or Path()) / name
    if path.is_file():
        return path
    shipped = shipped_specs()
    if name in shipped:
        return shipped[name]
    close = difflib.get_close_matches(name, shipped, n=1)
    problem = Problem(
        name,
        None,
        "(file)",
        "no such file and no shipped spec of that name",
        f"a path, or one of {', '.join(shipped)}",
        f"Did you mean {close[0]!r}?" if close else None,
    )
    raise SpecError([problem])
