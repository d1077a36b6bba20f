"""Deriving specs from specs: `extends:`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ngn_core.errors import SpecError
from ngn_core.spec.document import (
    Document,
    Place,
    longhand,
    read_document,
    subpaths,
)
from ngn_core.spec.plain_yaml import Path_, show


def read_extended(file: Path, find: Callable[[str, Path], Path | None]) -> Document:
    """Read a spec file and everything it extends, the file itself on top.

    Mappings are merged key by key; lists, and components with another `use`, replace.

    Args:
        file: the spec.
        find: from what `extends:` says and the folder it says it in, the file.

    Raises:
        SpecError: for a file that cannot be read, or a circle.
    """
    chain = [read_document(file)]
    seen = [file.resolve()]
    while "extends" in chain[-1].data:
        document = chain[-1]
        parent = document.data.pop("extends")
        found = find(parent, file.parent) if isinstance(parent, str) else None
        if found is None:
            expected = "the path of a spec, from this file on, or a shipped spec's name"
            problem = document.problem(("extends",), show(parent), expected)
            raise SpecError([problem])
        if found.resolve() in seen:
            circle = " -> ".join(path.name for path in [*seen, found])
            expected = "a spec that does not extend itself"
            problem = document.problem(("extends",), f"a circle: {circle}", expected)
            raise SpecError([problem])
        file = found
        seen.append(file.resolve())
        chain.append(read_document(file))
    merged = chain.pop()
    while chain:
        merged = merge(merged, chain.pop())
    return merged


def merge(below: Document, above: Document) -> Document:
    """Return a document with another one on top of it."""
    places = dict(below.places)
    data = _merge(below.data, above.data, (), above, places)
    return Document(data, places)


def _merge(
    below: Any, above: Any, path: Path_, document: Document, places: dict[Path_, Place]
) -> Any:
    if isinstance(below, dict) and "use" in below:
        above = longhand(above)
    elif isinstance(above, dict) and "use" not in above:
        below = longhand(below)
    if (
        isinstance(below, dict)
        and isinstance(above, dict)
        and ("use" not in above or above["use"] == below.get("use"))
    ):
        places[path] = document.place(path)
        merged = dict(below)
        for key, value in above.items():
            merged[key] = _merge(below.get(key), value, (*path, key), document, places)
        return merged
    for known in [known for known in places if known[: len(path)] == path]:
        del places[known]
    places |= {inner: document.place(inner) for inner in subpaths(above, path)}
    return above
