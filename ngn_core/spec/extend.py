"""Deriving specs: `extends:` in a file, and `--set key=value` on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from ngn_core.errors import Problem, SpecError
from ngn_core.spec.document import (
    Document,
    Path_,
    Place,
    read_document,
    subpaths,
)


def read_extended(file: Path, find: Callable[[str, Path], Path]) -> Document:
    """Read a spec file and everything it extends, the file itself on top.

    Mappings are merged key by key; lists, and components with another `use`, replace.

    Args:
        file: the spec.
        find: from what `extends:` says and the folder it says it in, the file.

    Raises:
        SpecError: for a file that cannot be read, or a circle.
    """
    chain: list[Document] = []
    seen: list[Path] = []
    here: Path | None = file
    while here is not None:
        if here.resolve() in seen:
            place = chain[-1].place(("extends",))
            circle = " -> ".join(path.name for path in [*seen, here])
            problem = Problem(
                place.file,
                place.line,
                "extends",
                f"a circle: {circle}",
                "a spec that does not extend itself",
            )
            raise SpecError([problem])
        seen.append(here.resolve())
        document = read_document(here)
        chain.append(document)
        parent = document.data.pop("extends", None)
        here = None if parent is None else find(str(parent), here.parent)
    merged = chain.pop()
    while chain:
        merged = _merge(merged, chain.pop())
    return merged


def override(document: Document, assignments: Sequence[str]) -> Document:
    """Return the document with each `key=value` applied; lists take indexes as keys.

    Raises:
        SpecError: for an assignment without `=`, broken YAML, or an index that is not
            in the list.
    """
    data, places = deepcopy(document.data), dict(document.places)
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not key or not equals:
            raise _refused(assignment, "no key=value", "train.epochs=100, say")
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise _refused(key, f"broken YAML {text!r}", "a YAML value") from error
        path = tuple(int(part) if part.isdigit() else part for part in key.split("."))
        _assign(data, path, value, key)
        places = {
            known: place
            for known, place in places.items()
            if known[: len(path)] != path
        }
        flag = Place(f"--set {assignment}", None)
        places |= dict.fromkeys(subpaths(value, path), flag)
    return Document(data, places)


def _assign(data: Any, path: Path_, value: Any, key: str) -> None:
    for depth, part in enumerate(path):
        if isinstance(data, list):
            if not isinstance(part, int) or part >= len(data):
                where = ".".join(str(part) for part in path[:depth])
                expected = f"an index below {len(data)}, for {where} is a list"
                raise _refused(key, repr(part), expected)
        elif not isinstance(data, dict):
            where = ".".join(str(part) for part in path[:depth])
            raise _refused(key, f"{where}, which has no keys", "a key of a mapping")
        else:
            part = str(part)
        if depth == len(path) - 1:
            data[part] = value
        elif isinstance(data, dict):
            data = data.setdefault(part, {})
        else:
            data = data[part]


def _merge(below: Document, above: Document) -> Document:
    places = dict(below.places)
    data = _merge_values(below.data, above.data, (), above, places)
    return Document(data, places)


def _merge_values(
    below: Any, above: Any, path: Path_, document: Document, places: dict[Path_, Place]
) -> Any:
    places[path] = document.place(path)
    if (
        isinstance(below, dict)
        and isinstance(above, dict)
        and ("use" not in above or above["use"] == below.get("use"))
    ):
        merged = dict(below)
        for key, value in above.items():
            merged[key] = _merge_values(
                below.get(key), value, (*path, key), document, places
            )
        return merged
    for known in [known for known in places if known[: len(path)] == path]:
        del places[known]
    for known in subpaths(above, path):
        places[known] = document.place(known)
    return deepcopy(above)


def _refused(key: str, found: str, expected: str) -> SpecError:
    return SpecError([Problem("--set", None, key, found, expected)])
