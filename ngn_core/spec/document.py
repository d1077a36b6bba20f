"""A YAML file as data, with the file and line of every key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ngn_core.errors import Problem, SpecError

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Where a value was written: a file and line, or a command-line flag."""

    file: str
    line: int | None


@dataclass(frozen=True)
class Document:
    """Nested data and the place of each key path in it."""

    data: dict[str, Any]
    places: dict[Path_, Place]

    def place(self, path: Path_) -> Place:
        """Return the place of a key, or of its nearest parent that was written."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]


def read_document(file: Path) -> Document:
    """Read a YAML file safely: plain data only, no aliases, no key twice.

    Raises:
        SpecError: with file and line, where the file is missing or not such YAML.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _error(Place(str(file), None), f"no file ({reason})") from error
    try:
        refuse_aliases(text, file)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        problem = getattr(error, "problem", None) or str(error)
        raise _error(Place(str(file), line), f"broken YAML: {problem}") from error
    if not isinstance(root, yaml.MappingNode):
        raise _error(Place(str(file), 1), "no mapping at the top")
    places = {(): Place(str(file), 1)}
    data = _data(root, (), str(file), places)
    return Document(data, places)


def refuse_aliases(text: str, file: Path) -> None:
    """Refuse YAML aliases: a few lines of them can ask for all memory."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1
            raise _error(Place(str(file), line), f"the alias *{event.anchor}")


def _data(node: yaml.Node, path: Path_, file: str, places: dict[Path_, Place]) -> Any:
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = Place(file, key_node.start_mark.line + 1)
            key = str(key_node.value)
            if key in mapping:
                raise _error(place, f"the key {key!r} a second time")
            places[*path, key] = place
            mapping[key] = _data(value_node, (*path, key), file, places)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items = []
        for position, item in enumerate(node.value):
            places[*path, position] = Place(file, item.start_mark.line + 1)
            items.append(_data(item, (*path, position), file, places))
        return items
    try:
        return _Scalars().construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        place = Place(file, node.start_mark.line + 1)
        raise _error(place, f"the value {node.value!r} of a type not for specs") from (
            error
        )


class _Scalars(yaml.constructor.SafeConstructor):
    """Constructs single scalars, outside a stream."""


def subpaths(value: Any, path: Path_) -> Iterator[Path_]:
    """Yield the path of a value and of everything inside it."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from subpaths(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from subpaths(item, (*path, position))


def _error(place: Place, found: str) -> SpecError:
    expected = "a spec: YAML with name, graph, network, train and no aliases"
    return SpecError([Problem(place.file, place.line, "(file)", found, expected)])
