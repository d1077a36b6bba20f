"""Pydantic's errors in the words of specs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from ngn_core.plugin.suggest import did_you_mean
from ngn_core.plugin.wording import alternatives, choices, field_at, in_words
from ngn_core.spec.plain_yaml import Path_


def written_path(values: Any, error: ErrorDetails) -> Path_:
    """Return the key path of an error as written, without pydantic's names of types."""
    path: Path_ = ()
    last = len(error["loc"]) - 1
    for position, part in enumerate(error["loc"]):
        is_key = isinstance(values, Mapping) and part in values
        is_index = isinstance(values, (list, tuple)) and part in range(len(values))
        if is_key or is_index:
            path, values = (*path, part), values[part]
        elif error["type"] == "missing" and position == last:
            path = (*path, part)
    return path


def value_at(values: Any, path: Path_) -> Any:
    """Return the value at a key path, None where there is none."""
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return None
    return values


def keys_at(model: type[BaseModel], path: Path_) -> list[str]:
    """Return the keys of the model at a key path in a model."""
    info = field_at(model, path)
    for one in () if info is None else alternatives(info.annotation):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return list(one.model_fields)
    return []


def explain(
    model: type[BaseModel], path: Path_, found: Any, error: ErrorDetails
) -> tuple[str, str | None]:
    """Return what would have been right at a key path, and a suggestion."""
    if error["type"] in ("value_error", "assertion_error"):
        return f"a value that fits: {error['msg'].partition(', ')[2]}", None
    info = field_at(model, path)
    if info is None:
        return error["msg"], None
    expected = in_words(info)
    if error["type"] == "finite_number":
        expected += ", and finite"
    known = [choice for choice in choices(info.annotation) if isinstance(choice, str)]
    return expected, did_you_mean(found, known) if isinstance(found, str) else None


def without_flags(model: type[BaseModel], value: Any, path: Path_) -> Any:
    """Return a value with `true` as text wherever a number is wanted.

    Python takes True for 1, and pydantic with it.
    """
    if isinstance(value, Mapping):
        return {
            key: without_flags(model, item, (*path, key)) for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            without_flags(model, item, (*path, position))
            for position, item in enumerate(value)
        ]
    if isinstance(value, bool):
        info = field_at(model, path)
        allowed = [] if info is None else alternatives(info.annotation)
        if (int in allowed or float in allowed) and bool not in allowed:
            return str(value).lower()
    return value
