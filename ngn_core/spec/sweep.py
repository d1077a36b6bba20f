"""Deriving many specs from one: `sweep:` in a file, `--sweep` on the command line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from ngn_core.errors import Problem, SpecError
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.document import Document, Place, subpaths
from ngn_core.spec.override import override
from ngn_core.spec.plain_yaml import Path_, PlainYAMLError, read_yaml, show

TRAIN_SIZE = "data.train_size"
"""Share of each fold's training part: the one swept key that is not the spec's."""

_KEY = "sweep"


@dataclass(frozen=True)
class Point:
    """Where in a sweep a spec stands.

    Attributes:
        of: name of the spec that was swept.
        values: by key; of a component that was swept whole, `use` and its options.
    """

    of: str
    values: Mapping[str, Any]

    @property
    def train_share(self) -> float:
        """Return the share of each fold's training part that is trained on."""
        share: float = self.values.get(TRAIN_SIZE, 1.0)
        return share


@dataclass(frozen=True)
class SweepAxis:
    """A key and the values it takes.

    Attributes:
        key: such as `graph.edges.neighbors`.
        values: two or more, or one, all different.
        place: where this was written.
    """

    key: str
    values: tuple[Any, ...]
    place: Place

    def problem(self, found: str, expected: str, hint: str | None = None) -> SpecError:
        """Return a problem of the axis as an error."""
        parts = self.place.path or (self.key,)
        key = ".".join(map(str, parts))
        place = self.place
        return SpecError([Problem(place.file, place.line, key, found, expected, hint)])


def expand(
    document: Document, sweeps: Sequence[str] = ()
) -> list[tuple[Document, Point | None]]:
    """Return the documents of every point of the grid, each with a name of its own.

    A baseline has no architecture: of the axes, it takes those of its `estimator` and
    of the data.

    Args:
        document: which may hold `sweep:`.
        sweeps: `key=value,value`; a key that the document sweeps too is swept by these.

    Raises:
        SpecError: for an axis that is none.
    """
    axes = {axis.key: axis for axis in _written(document)}
    axes |= {axis.key: axis for axis in map(parse_axis, sweeps)}
    data = {key: value for key, value in document.data.items() if key != _KEY}
    document = Document(data, document.places, document.problems)
    if "estimator" in data:
        own = ("data.", "estimator.")
        axes = {key: axis for key, axis in axes.items() if key.startswith(own)}
    for axis in axes.values():
        _check(axis)
    if not axes:
        return [(document, None)]
    titles = _titles(list(axes))
    grid = product(*(axis.values for axis in axes.values()))
    return [
        _at(document, dict(zip(axes, values, strict=True)), axes, titles)
        for values in grid
    ]


def parse_axis(text: str) -> SweepAxis:
    """Return the axis of `key=value,value`.

    Raises:
        SpecError: for anything else.
    """
    place = Place(f"--sweep {text}", None)
    key, equals, values = text.partition("=")
    if not key or not equals:
        expected = "key=value,value, graph.edges.neighbors=12,24 say"
        raise SweepAxis("(flag)", (), place).problem(show(text), expected)
    try:
        found, _ = read_yaml(f"[{values}]")
    except PlainYAMLError as error:
        expected = "YAML values with commas between them"
        raise SweepAxis(key, (), place).problem(error.found, expected) from error
    return SweepAxis(key, tuple(found), place)


def _written(document: Document) -> Iterator[SweepAxis]:
    """Yield the axes of a document's `sweep:`."""
    section = document.data.get(_KEY)
    if section is None:
        return
    expected = "keys, each with a list of values: {graph.edges.neighbors: [12, 24]}"
    if not isinstance(section, Mapping):
        raise SpecError([document.problem((_KEY,), show(section), expected)])
    for key, values in section.items():
        path: Path_ = (_KEY, key)
        if not isinstance(values, list):
            raise SpecError([document.problem(path, show(values), "a list of values")])
        yield SweepAxis(str(key), tuple(values), document.place(path))


def _check(axis: SweepAxis) -> None:
    texts = [json.dumps(value, sort_keys=True) for value in axis.values]
    if not texts or len(set(texts)) < len(texts):
        found = f"[{', '.join(map(show, axis.values))}]"
        raise axis.problem(found, "one value or more, all different")
    if axis.key in ("name", "reference", "extends", _KEY):
        raise axis.problem(axis.key, "a key of graph, network, train, or data")
    if axis.key.partition(".")[0] != "data":
        return
    if axis.key != TRAIN_SIZE:
        hint = did_you_mean(axis.key, [TRAIN_SIZE])
        raise axis.problem(f"the unknown key {axis.key!r}", TRAIN_SIZE, hint)
    for share in axis.values:
        is_number = isinstance(share, int | float) and not isinstance(share, bool)
        if not (is_number and 0 < share <= 1):
            expected = "shares of the training part, above 0 and up to 1"
            raise axis.problem(show(share), expected)


def _at(
    document: Document,
    values: Mapping[str, Any],
    axes: Mapping[str, SweepAxis],
    titles: Mapping[str, str],
) -> tuple[Document, Point]:
    """Return the document with the values in it, and what its point is."""
    base = document.data.get("name")
    told = ",".join(f"{titles[key]}={_label(value)}" for key, value in values.items())
    for key, value in values.items():
        if key != TRAIN_SIZE:
            document = _with_value(document, axes[key], value)
    data = document.data
    if isinstance(base, str):
        data = {**data, "name": f"{base}[{told}]"}
    flat = dict(one for key, value in values.items() for one in _flat(key, value))
    point = Point(base if isinstance(base, str) else "", flat)
    return Document(data, document.places, document.problems), point


def _with_value(document: Document, axis: SweepAxis, value: Any) -> Document:
    """Return the document with one key set; its place is where the axis is written."""
    set_ = override(document, [f"{axis.key}={json.dumps(value)}"], axis.place.file)
    path: Path_ = tuple(
        int(part) if part.isdecimal() else part for part in axis.key.split(".")
    )
    written = axis.place.path
    places = {
        place: Place(axis.place.file, axis.place.line, (*written, *place[len(path) :]))
        if written
        else set_.places[place]
        for place in subpaths(value, path)
        if place in set_.places
    }
    return Document(set_.data, {**set_.places, **places}, set_.problems)


def _flat(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value by its key; a component's `use` and options by theirs."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}", inner)
    else:
        yield key, value


def _titles(keys: Sequence[str]) -> dict[str, str]:
    """Return the end of each key that no other key has."""
    titles = {}
    for key in keys:
        parts = key.split(".")
        ends = [".".join(parts[-count:]) for count in range(1, len(parts) + 1)]
        others = [f".{other}" for other in keys if other != key]
        titles[key] = next(
            end
            for end in ends
            if end == key or not any(other.endswith(f".{end}") for other in others)
        )
    return titles


def _label(value: Any) -> str:
    if isinstance(value, Mapping):
        options = [f"{key}={_label(one)}" for key, one in value.items() if key != "use"]
        told = ",".join(options)
        return f"{value['use']}({told})" if "use" in value else f"({told})"
    if isinstance(value, list):
        return f"[{','.join(map(_label, value))}]"
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    return value if isinstance(value, str) else json.dumps(value)
