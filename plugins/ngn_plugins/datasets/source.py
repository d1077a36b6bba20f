"""What a source string names: a path, or a dataset that comes with ngn."""

from __future__ import annotations

from pathlib import Path

EMBEDDED = "emt_alloys"


def path_of(source: str) -> Path | None:
    """Return the path that `source` names, None where it is the embedded dataset.

    A folder that happens to be called like the embedded dataset is meant by
    `./emt_alloys`.
    """
    return None if source == EMBEDDED else Path(source).expanduser()


def name_of(path: Path) -> str:
    """Return a short name: the folder's, or the file's without its ending."""
    name = path.resolve().name
    if not path.is_dir():
        for ending in (".gz", ".jsonl", ".csv"):
            name = name.removesuffix(ending)
    return name
