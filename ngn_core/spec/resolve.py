"""Resolving components: `use:` against the registry, options against their class."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ngn_core.errors import Problem
from ngn_core.plugin.options import Kind, Use
from ngn_core.plugin.registry import Registry
from ngn_core.spec.document import Document, Path_

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Resolver:
    """Checks parts of one document and collects every problem it meets."""

    registry: Registry
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def model(self, model: type[Model], values: Any, path: Path_) -> Model | None:
        """Return `values` as a model whose `Kind` fields are components, or None."""
        if not isinstance(values, Mapping):
            self.report(path, _show(values), "a mapping of keys")
            return None
        before = len(self.problems)
        values = dict(values)
        for key, info in model.model_fields.items():
            kinds = [mark.name for mark in info.metadata if isinstance(mark, Kind)]
            if kinds and values.get(key) is not None:
                values[key] = self._components(kinds[0], values[key], (*path, key))
        try:
            checked = model.model_validate(values)
        except ValidationError as error:
            for found in error.errors():
                self._report_pydantic(model, values, path, found)
            return None
        return checked if len(self.problems) == before else None

    def component(self, kind: str, values: Any, path: Path_) -> Use | None:
        """Return the component that `values` choose, or None; `name` is short for use."""
        if isinstance(values, str):
            values = {"use": values}
        if not isinstance(values, Mapping) or not isinstance(values.get("use"), str):
            names = ", ".join(self.registry.names(kind))
            self.report(path, _show(values), f"`use:` with a {kind}: one of {names}")
            return None
        options = {key: value for key, value in values.items() if key != "use"}
        name = values["use"]
        entry = self.registry.get(kind, name)
        if entry is None:
            expected, suggestion = self.registry.expected(kind, name)
            self.report((*path, "use"), repr(name), expected, suggestion)
            return None
        component: Any = entry.component
        checked = self.model(component.Options, options, path)
        return None if checked is None else Use(kind, component, checked)

    def report(
        self, path: Path_, found: str, expected: str, suggestion: str | None = None
    ) -> None:
        """Add a problem at a key path."""
        place = self.document.place(path)
        key = ".".join(str(part) for part in path) or "(file)"
        problem = Problem(place.file, place.line, key, found, expected, suggestion)
        self.problems.append(problem)

    def _components(self, kind: str, values: Any, path: Path_) -> Any:
        if isinstance(values, list):
            return tuple(
                self.component(kind, item, (*path, position))
                for position, item in enumerate(values)
            )
        return self.component(kind, values, path)

    def _report_pydantic(
        self, model: type[BaseModel], values: Any, path: Path_, error: Any
    ) -> None:
        location = tuple(error["loc"])
        key = location[-1] if location else ""
        if error["type"] == "extra_forbidden":
            known = list(_fields(model, location[:-1]))
            close = difflib.get_close_matches(str(key), known, n=1)
            suggestion = f"Did you mean {close[0]!r}?" if close else None
            expected = f"one of the keys {', '.join(known)}" if known else "no keys"
            self.report((*path, *location), f"the unknown key {key!r}", expected, suggestion)
        elif error["type"] == "missing":
            self.report((*path, *location), "nothing", f"a value for {key!r}")
        elif isinstance(error["input"], Use) or _is_none_component(values, location):
            return
        else:
            expected = str(error["msg"]).removeprefix("Value error, ")
            expected = expected.removeprefix("Input should be ")
            self.report((*path, *location), _show(error["input"]), expected)


def _is_none_component(values: Any, location: tuple[Any, ...]) -> bool:
    """Return whether the value is a component whose problems are reported already."""
    for key in location:
        try:
            values = values[key]
        except (KeyError, IndexError, TypeError):
            return False
    return values is None


def _fields(model: type[BaseModel], location: tuple[Any, ...]) -> dict[str, Any]:
    for key in location:
        if isinstance(key, int):
            continue
        found = model.model_fields.get(str(key))
        inner = None if found is None else _model_inside(found.annotation)
        if inner is None:
            return {}
        model = inner
    return dict(model.model_fields)


def _model_inside(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_inside(part)
        if found is not None:
            return found
    return None


def _show(value: Any) -> str:
    return "nothing" if value is None else repr(value)
