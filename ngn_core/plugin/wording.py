"""What an option takes, in words: for messages and for tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ngn_core.plugin.options import Kind, Use

_NOUNS: dict[Any, tuple[str, str]] = {
    bool: ("true or false", "true or false"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    str: ("text", "texts"),
    NoneType: ("null", "null"),
    Any: ("anything", "anything"),
}

_BOUNDS = {
    Gt: ("gt", "greater than"),
    Ge: ("ge", "not less than"),
    Lt: ("lt", "less than"),
    Le: ("le", "not greater than"),
}


def in_words(field: FieldInfo) -> str:
    """Return what a field takes: `a number greater than 0, or null`."""
    return _words(field.annotation, field.metadata)


def field_at(model: type[BaseModel], path: Sequence[str | int]) -> FieldInfo | None:
    """Return the field at a key path in a model, None where there is none.

    Items of a list are a field without name or default.
    """
    candidates = [FieldInfo(annotation=model)]
    for step in path:
        candidates = [
            inner for outer in candidates for inner in _inside(outer.annotation, step)
        ]
    return candidates[0] if candidates else None


def alternatives(annotation: Any) -> list[Any]:
    """Return the types that an annotation allows, without their marks."""
    return [
        inner
        for part in _parts(annotation)
        for inner in (
            alternatives(get_args(part)[0]) if get_origin(part) is Annotated else [part]
        )
    ]


def choices(annotation: Any) -> list[Any]:
    """Return the values that the `Literal`s of an annotation list."""
    return [
        value
        for one in alternatives(annotation)
        if get_origin(one) is Literal
        for value in get_args(one)
    ]


def with_article(noun: str) -> str:
    """Return `a gate`, `an embedding`."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _inside(annotation: Any, step: str | int) -> Iterator[FieldInfo]:
    for one in alternatives(annotation):
        arguments = get_args(one)
        origin = get_origin(one) or one
        if isinstance(one, type) and issubclass(one, BaseModel):
            if step in one.model_fields:
                yield one.model_fields[str(step)]
        elif origin is tuple and isinstance(step, int) and arguments:
            repeated = arguments[-1] is Ellipsis
            if repeated or step < len(arguments):
                yield FieldInfo.from_annotation(arguments[0 if repeated else step])
        elif _is_a(origin, Mapping) and len(arguments) == 2:
            yield FieldInfo.from_annotation(arguments[1])
        elif _is_a(origin, Collection) and isinstance(step, int) and arguments:
            yield FieldInfo.from_annotation(arguments[0])


def _words(annotation: Any, marks: Sequence[Any], *, many: bool = False) -> str:
    kinds = [mark.name for mark in marks if isinstance(mark, Kind)]
    parts = []
    for alternative in _parts(annotation):
        if get_origin(alternative) is Annotated:
            field = FieldInfo.from_annotation(alternative)
            own = [*field.metadata, *marks]
            parts.append(_words(field.annotation, own, many=many))
        elif alternative is Use and kinds:
            parts.append(_plural(kinds[0]) if many else with_article(kinds[0]))
        else:
            parts.append(_noun(alternative, marks, many=many))
    return ", or ".join(dict.fromkeys(parts))


def _parts(annotation: Any) -> list[Any]:
    """Return the members of a union, with their marks."""
    annotation = getattr(annotation, "__value__", annotation)  # type X = ...
    if get_origin(annotation) in (Union, UnionType):
        return [one for part in get_args(annotation) for one in _parts(part)]
    return [annotation]


def _noun(annotation: Any, marks: Sequence[Any], *, many: bool) -> str:
    arguments = get_args(annotation)
    origin = get_origin(annotation) or annotation
    if annotation in _NOUNS:
        words = _NOUNS[annotation][many]
        return words + (_bounds(marks) if annotation in (int, float) else "")
    if origin is Literal:
        return " | ".join(str(value) for value in arguments)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        keys = ", ".join(annotation.model_fields)
        return f"mappings of {keys}" if many else f"a mapping of {keys}"
    lists = "lists" if many else "a list"
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        return f"{lists} of {'; '.join(_words(part, ()) for part in arguments)}"
    if _is_a(origin, Mapping):
        values = _words(arguments[1], marks, many=True) if arguments else "values"
        return f"{'mappings' if many else 'a mapping'} of keys to {values}"
    if _is_a(origin, Collection) and arguments:
        kept = [mark for mark in marks if isinstance(mark, Kind)]
        items = _words(arguments[0], kept, many=True)
        return f"{lists} of {_length(marks)}{items}"
    return getattr(annotation, "__name__", str(annotation))


def _bounds(marks: Sequence[Any]) -> str:
    parts = [
        f"{words} {getattr(mark, attribute):g}"
        for mark in marks
        for kind, (attribute, words) in _BOUNDS.items()
        if isinstance(mark, kind)
    ]
    return f" {' and '.join(parts)}" if parts else ""


def _length(marks: Sequence[Any]) -> str:
    parts = []
    for mark in marks:
        if isinstance(mark, MinLen):
            parts.append(f"{mark.min_length} or more")
        elif isinstance(mark, MaxLen):
            parts.append(f"up to {mark.max_length}")
    return f"{' and '.join(parts)} " if parts else ""


def _plural(noun: str) -> str:
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def _is_a(origin: Any, kind: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, kind) and origin is not str
