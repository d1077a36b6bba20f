"""Resolving components: `use:` against the registry, options against their class."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ngn_core.errors import Problem
from ngn_core.plugin.options import Use, kind_of
from ngn_core.plugin.registry import Registry
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.plugin.wording import alternatives, field_at
from ngn_core.spec.document import Document, longhand
from ngn_core.spec.explain import (
    explain,
    keys_at,
    value_at,
    without_flags,
    written_path,
)
from ngn_core.spec.plain_yaml import Path_, show

Model = TypeVar("Model", bound=BaseModel)


@dataclass
class Resolver:
    """Checks parts of one document and collects every problem it meets."""

    registry: Registry
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def section(
        self,
        values: Any,
        path: Path_,
        required: Collection[str],
        optional: Collection[str] = (),
    ) -> dict[str, Any] | None:
        """Return what is known of a section whose keys are fixed; None for no section.

        Unknown keys and required ones without a value are reported and not returned.
        """
        if not isinstance(values, Mapping):
            self.report(path, show(values), "a mapping of keys")
            return None
        known = [*required, *optional]
        for key in values:
            if key not in known:
                self._unknown_key((*path, key), known)
        for key in required:
            if values.get(key) is None:
                self.report((*path, key), "nothing", f"a value for {key}")
        return {
            key: value
            for key, value in values.items()
            if key in known and not (value is None and key in required)
        }

    def model(
        self,
        model: type[Model],
        values: Any,
        path: Path_,
        beside: Collection[str] = (),
    ) -> Model | None:
        """Return `values` as a model whose `Kind` fields are components, or None.

        Args:
            model: what the values are checked against.
            values: as they were written.
            path: where they were written.
            beside: keys that stand among them and are checked elsewhere.
        """
        if not isinstance(values, Mapping):
            self.report(path, show(values), "a mapping of keys")
            return None
        given = {key: item for key, item in values.items() if key not in beside}
        plain = {key: without_flags(model, item, (key,)) for key, item in given.items()}
        failed: set[str] = set()
        for key, info in model.model_fields.items():
            kind = kind_of(info)
            if kind is None or given.get(key) is None:
                continue
            many = not any(one is Use for one in alternatives(info.annotation))
            plain[key] = self._chosen(kind, given[key], (*path, key), many=many)
            if plain[key] is None:
                failed.add(key)
                del plain[key]
        try:
            checked = model.model_validate(plain)
        except ValidationError as error:
            self._report_all(model, given, path, beside, failed, error.errors())
            return None
        except Exception as error:  # a check that a plugin wrote
            if not failed:
                expected = f"options that pass the check of {model.__qualname__}, which"
                reason = f"{type(error).__name__}: {error}"
                self.report(path, show(given), f"{expected} failed with {reason}")
            return None
        return None if failed else checked

    def component(
        self, kind: str, values: Any, path: Path_, beside: Collection[str] = ()
    ) -> Use | None:
        """Return the component that `values` choose; a text is short for its `use`."""
        values = longhand(values)
        if not isinstance(values, Mapping):
            self.report(path, show(values), self._expected(kind))
            return None
        name = values.get("use")
        if not isinstance(name, str):
            self.report((*path, "use"), show(name), self._expected(kind))
            return None
        entry = self.registry.get(kind, name)
        if entry is None:
            expected, suggestion = self.registry.expected(kind, name)
            self.report((*path, "use"), show(name), expected, suggestion)
            return None
        component: Any = entry.component
        options = self.model(component.Options, values, path, ("use", *beside))
        return None if options is None else Use(kind, component, options)

    def report(
        self, path: Path_, found: str, expected: str, suggestion: str | None = None
    ) -> None:
        """Add a problem at a key path."""
        problem = self.document.problem(path, found, expected, suggestion)
        if problem not in self.problems:
            self.problems.append(problem)

    def _chosen(self, kind: str, values: Any, path: Path_, *, many: bool) -> Any:
        if not many:
            return self.component(kind, values, path)
        if not isinstance(values, (list, tuple)):
            self.report(path, show(values), f"a list, each item {self._expected(kind)}")
            return None
        uses = [
            self.component(kind, item, (*path, position))
            for position, item in enumerate(values)
        ]
        return None if None in uses else tuple(uses)

    def _expected(self, kind: str) -> str:
        expected, _ = self.registry.expected(kind, "")
        return f"`use:` with {expected}"

    def _unknown_key(self, path: Path_, known: Sequence[str]) -> None:
        key = str(path[-1])
        expected = f"one of the keys {', '.join(known)}" if known else "no key here"
        suggestion = did_you_mean(key, known)
        self.report(path, f"the unknown key {key!r}", expected, suggestion)

    def _report_all(
        self,
        model: type[BaseModel],
        values: Mapping[str, Any],
        path: Path_,
        beside: Collection[str],
        failed: Collection[str],
        errors: Sequence[ErrorDetails],
    ) -> None:
        """Report what pydantic found, once for each key; `failed` keys are known."""
        told: set[Path_] = {(), *((key,) for key in failed)} if failed else set()
        paths = [written_path(values, error) for error in errors]
        for inner, error in zip(paths, errors, strict=True):
            inside = any(
                len(path) > len(inner) and path[: len(inner)] == inner for path in paths
            )
            if inner in told or inside:
                continue
            told.add(inner)
            where = (*path, *inner)
            found = value_at(values, inner)
            info = field_at(model, inner)
            kind = None if info is None else kind_of(info)
            if error["type"] == "extra_forbidden":
                own = beside if len(inner) == 1 else ()
                self._unknown_key(where, [*own, *keys_at(model, inner[:-1])])
            elif kind is not None and found is None:
                self.report(where, "nothing", self._expected(kind))
            else:
                self.report(where, show(found), *explain(model, inner, found, error))
