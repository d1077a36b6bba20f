"""A spec file as data, with the place of every key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ngn_core.errors import Problem, SpecError
from ngn_core.spec.plain_yaml import Path_, PlainYAMLError, read_yaml, show


@dataclass(frozen=True)
class Place:
    """Where a value was written.

    Attributes:
        file: a file, or a command-line flag.
        line: in the file.
        path: its key path there.
    """

    file: str
    line: int | None
    path: Path_ = ()


@dataclass(frozen=True)
class Document:
    """Nested data and the place of each key path in it.

    Attributes:
        data: as written.
        places: of every key path; that of () is the file.
        problems: what was wrong before anyone read the data.
    """

    data: dict[str, Any]
    places: dict[Path_, Place]
    problems: tuple[Problem, ...] = ()

    def place(self, path: Path_) -> Place:
        """Return the place of a key, or of its nearest parent that was written."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def problem(
        self, path: Path_, found: str, expected: str, suggestion: str | None = None
    ) -> Problem:
        """Return a problem at a key path, under the key as it was written."""
        written = path
        while written not in self.places:
            written = written[:-1]
        place = self.places[written]
        parts = (*place.path, *path[len(written) :])
        key = ".".join(str(part) for part in parts) or "(file)"
        return Problem(place.file, place.line, key, found, expected, suggestion)

    def moved(self, source: Path_, target: Path_) -> Document:
        """Return a part of the document, with its places, at another key path."""
        data: Any = self.data
        for part in source:
            data = data[part]
        places = {(): self.place(source)} | {
            target + path[len(source) :]: place
            for path, place in self.places.items()
            if path[: len(source)] == source
        }
        for part in reversed(target):
            data = {part: data}
        return Document(data, places)


_SPEC = "a YAML file with the keys name, graph, network and train"


def read_document(file: Path, expected: str = _SPEC) -> Document:
    """Read a file of YAML as specs use it.

    Args:
        file: a spec, or what is declared of a dataset.
        expected: what would have been right, in words.

    Raises:
        SpecError: with file and line, where it is not there or not YAML for specs.
    """

    def refused(line: int | None, found: str) -> SpecError:
        return SpecError([Problem(str(file), line, "(file)", found, expected)])

    try:
        data, lines = read_yaml(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise refused(None, f"no readable file ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise refused(None, "a file that is not UTF-8 text") from error
    except PlainYAMLError as error:
        raise refused(error.line, error.found) from error
    if data is None:
        raise refused(None, "an empty file")
    if not isinstance(data, dict):
        raise refused(1, show(data))
    places = {path: Place(str(file), line, path) for path, line in lines.items()}
    return Document(data, {**places, (): Place(str(file), 1, ())})


def longhand(component: Any) -> Any:
    """Return `{use: name}` for `name`, and any other value as it is."""
    return {"use": component} if isinstance(component, str) else component


def subpaths(value: Any, path: Path_) -> Iterator[Path_]:
    """Yield the path of a value and of everything inside it."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from subpaths(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from subpaths(item, (*path, position))
