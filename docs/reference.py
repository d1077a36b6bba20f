"""The pages of the reference, made from the program: mkdocs runs this."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import mkdocs_gen_files
from pydantic import BaseModel

from ngn_core.cli.compare import parser as compare_parser
from ngn_core.cli.workbench import parser as workbench_parser
from ngn_core.plugin.kinds import KINDS
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.options import unit_of
from ngn_core.plugin.registry import Entry, collect
from ngn_core.plugin.wording import in_words
from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_all
from ngn_core.spec.plain_yaml import show
from ngn_core.spec.spec import SECTIONS


def write(name: str, lines: Iterator[str]) -> None:
    """Write one page."""
    with mkdocs_gen_files.open(f"reference/{name}.md", "w") as file:
        file.write("\n".join(lines) + "\n")


def commands() -> Iterator[str]:
    """Yield the help of every command."""
    yield "# Commands\n"
    workbench = workbench_parser()
    yield from _help("ngn-compare", compare_parser())
    (choices,) = (
        action.choices
        for action in workbench._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    for name, parser in choices.items():
        yield from _help(f"ngn {name}", parser)


def components() -> Iterator[str]:
    """Yield every component under its kind, with its options."""
    yield "# Components\n"
    yield "What a spec names by `use:` and the command line chooses; `ngn plugins`"
    yield "lists the same, `ngn show NAME` shows one.\n"
    entries = list(collect(plugin_manager()))
    for kind in KINDS:
        own = [entry for entry in entries if entry.kind == kind]
        if own:
            yield f"## {kind.capitalize()}\n"
        for entry in own:
            yield from _component(entry)


def sections() -> Iterator[str]:
    """Yield the sections of a spec that are the core's own."""
    yield "# Sections of a spec\n"
    for name, options in SECTIONS.items():
        yield f"## {name}\n"
        yield f"{inspect.cleandoc(options.__doc__ or '')}\n"
        yield from _options(options)


def specs() -> Iterator[str]:
    """Yield the shipped specs with what they are."""
    yield "# Shipped specs\n"
    yield "Run by name, `ngn-compare cogn`; `ngn specs --copy DIR` gives the files.\n"
    registry = collect(plugin_manager())
    names = sorted(shipped_specs(), key=lambda name: ("/" in name, name))
    for folder, inside in groupby(names, lambda name: name.rpartition("/")[0]):
        yield f"## {'/'.join(['specs', folder]).rstrip('/')}\n"
        yield "| name | architecture | DOI | note |"
        yield "| --- | --- | --- | --- |"
        for name in inside:
            (spec,) = load_all([name], registry)
            doi, note = spec.reference.doi, spec.reference.note
            link = f"[{doi}](https://doi.org/{doi})" if doi else ""
            yield _row(_code(name), _cell(spec.name), link, _cell(note or ""))
        yield ""


def _help(title: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{_cell(parser.description or '')}\n"
    yield "```text"
    yield parser.format_usage().strip()
    yield "```\n"
    yield "| argument | what it does |"
    yield "| --- | --- |"
    formatter = argparse.HelpFormatter(parser.prog, width=10_000)
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or isinstance(action, argparse._HelpAction):
            continue
        shown = formatter._format_action_invocation(action)
        meaning = formatter._expand_help(action) if action.help else ""
        yield _row(_code(shown), _cell(meaning))
    yield ""


def _component(entry: Entry) -> Iterator[str]:
    yield f"### {entry.name}\n"
    yield f"{inspect.cleandoc(entry.description)}\n"
    options: Any = getattr(entry.component, "Options", None)
    if options is not None:
        yield from _options(options)


def _options(options: type[BaseModel]) -> Iterator[str]:
    if not options.model_fields:
        yield "No options.\n"
        return
    yield "| option | takes | default | what it is |"
    yield "| --- | --- | --- | --- |"
    for key, field in options.model_fields.items():
        default = "required"
        if not field.is_required():
            default = show(
                field.get_default(call_default_factory=True, validated_data={})
            )
        unit = unit_of(field)
        takes = in_words(field) + (f", {unit}" if unit else "")
        meaning = _cell(field.description or "")
        yield _row(_code(key), _cell(takes), _code(default), meaning)
    yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    return f"`{' '.join(text.split())}`"  # a | in code parts no cells


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


write("commands", commands())
write("components", components())
write("sections", sections())
write("specs", specs())
