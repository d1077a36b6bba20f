"""A component or a section of a spec, with a table of its options."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from rich.console import Console

from ngn_core.plugin.options import unit_of
from ngn_core.plugin.registry import Entry
from ngn_core.plugin.wording import in_words
from ngn_core.report.console import page, plain
from ngn_core.report.formats.terminal import print_table
from ngn_core.spec.plain_yaml import show
from ngn_core.summary.typed_table import TableColumn, TypedTable


def print_entry(entry: Entry) -> None:
    """Print a component: kind, origin, docstring with its reference, options."""
    console = page()
    _print_heading(console, entry.name, f"{entry.kind}, from {entry.origin}")
    console.print(plain(entry.description))
    opens = getattr(entry.component, "description", None)
    if opens is not None:
        console.print(plain(f"\nOpens {opens}."))
    options: Any = getattr(entry.component, "Options", None)
    if options is not None:
        _print_options(console, options)
    console.print()


def print_section(name: str, options: type[BaseModel]) -> None:
    """Print the options of a section of a spec that are the core's own."""
    console = page()
    _print_heading(console, name, "section of a spec")
    console.print(plain(f"{options.__doc__}"))
    _print_options(console, options)
    console.print()


def _print_heading(console: Console, name: str, what: str) -> None:
    console.print(plain(name, "bold").append(f"  {what}", "dim"))


def _print_options(console: Console, options: type[BaseModel]) -> None:
    fields = options.model_fields
    if not fields:
        console.print(plain("\nNo options."))
        return
    units = any(unit_of(field) for field in fields.values())
    rows = tuple(
        (key, _type(one), _default(one), unit_of(one) or "", one.description or "")
        for key, one in fields.items()
    )
    columns = (
        TableColumn("option", "option"),
        TableColumn("type", "type"),
        TableColumn("default", "default"),
        TableColumn("unit", "unit", shown=units),
        TableColumn("description", "description"),
    )
    print_table(console, TypedTable("options", "", columns, (rows,)))


def _type(field: FieldInfo) -> str:
    words = in_words(field)
    return words.removeprefix("a ").removeprefix("an ")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None:
        return "null"
    return value if isinstance(value, str) else show(value)
