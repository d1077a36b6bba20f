"""Overriding keys of a spec: `--set key=value`."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from ngn_core.errors import Problem, SpecError
from ngn_core.spec.document import Document, Place, longhand, subpaths
from ngn_core.spec.plain_yaml import Path_, PlainYAMLError, read_yaml, show


def override(
    document: Document, assignments: Sequence[str], origin: str | None = None
) -> Document:
    """Return the document with each `key=value` applied; lists take indexes as keys.

    Those that cannot be applied become problems of the document: without `=`, of
    broken YAML, or with an index that is not in the list. `origin` is the file that
    says so, in place of the flag.
    """
    data, places = deepcopy(document.data), dict(document.places)
    problems: list[Problem] = []
    for assignment in assignments:
        try:
            path, value = _apply(data, assignment)
        except SpecError as error:
            problems += [
                replace(problem, file=origin or problem.file)
                for problem in error.problems
            ]
            continue
        for known in [known for known in places if known[: len(path)] == path]:
            del places[known]
        parents = {path[:depth] for depth in range(1, len(path))} - places.keys()
        places |= {
            written: Place(origin or f"--set {assignment}", None, written)
            for written in (*parents, *subpaths(value, path))
        }
    return Document(data, places, (*document.problems, *problems))


def _apply(data: Any, assignment: str) -> tuple[Path_, Any]:
    """Write the value into the data; return its path and the value.

    Raises:
        SpecError: where there is no such place, and then the data are as they were.
    """
    key, equals, text = assignment.partition("=")
    if not key or not equals:
        expected = "key=value, train.epochs=100 say"
        raise _refused(assignment, "(flag)", show(assignment), expected)
    try:
        value, _ = read_yaml(text)
    except PlainYAMLError as error:
        raise _refused(assignment, key, error.found, "a YAML value") from error
    path: list[str | int] = []
    parts = key.split(".")
    for part in parts:
        where = ".".join(parts[: len(path)])
        tried = ".".join(parts[: len(path) + 1])
        step: str | int = part
        if isinstance(data, list):
            step = int(part) if part in map(str, range(len(data))) else -1
            if step == -1:
                expected = f"an index of the list {where}: 0 to {len(data) - 1}"
                raise _refused(assignment, tried, show(part), expected)
        elif not isinstance(data, dict):
            found = f"{where}, which is {show(data)} and has no keys"
            raise _refused(assignment, tried, found, "a key of a mapping")
        path.append(step)
        if len(path) == len(parts):
            data[step] = value
            continue
        inner = longhand(data.get(step) if isinstance(data, dict) else data[step])
        data[step] = {} if inner is None else inner
        data = data[step]
    return tuple(path), value


def _refused(assignment: str, key: str, found: str, expected: str) -> SpecError:
    return SpecError([Problem(f"--set {assignment}", None, key, found, expected)])
