"""`ngn validate`: whether specs hold together, without data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngn_core.cli.arguments import add_plugin, add_set, add_specs
from ngn_core.cli.exit import OK
from ngn_core.errors import SpecError

if TYPE_CHECKING:
    from ngn_core.network.architecture import Architecture
    from ngn_core.plugin.registry import Registry
    from ngn_core.spec.spec import Spec


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "validate",
        help="check specs, and say everything that is wrong with them",
        description="Check specs: keys, components, their options, and that the widths "
        "of the network fit. All problems of all specs are reported at once.",
    )
    add_specs(made)
    add_set(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        SpecError: with every problem, after the specs that have none are printed.
    """
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.spec.baseline import Baseline
    from ngn_core.spec.load import try_specs

    registry = collect(plugin_manager(args.plugin))
    specs, problems = try_specs(args.specs, registry, args.assignments)
    counts: dict[str, tuple[str, str]] = {}
    notes: dict[str, list[str]] = {}
    for spec in specs:
        if isinstance(spec, Baseline):
            counts[spec.name] = (spec.file, "no")
            continue
        try:
            architecture = checked_architecture(spec, registry)
            counts[spec.name] = (spec.file, f"{architecture.parameters:,}")
            notes[spec.name] = [reach.sentence() for reach in architecture.reaches]
        except SpecError as error:
            problems += error.problems
    name_width = max(map(len, counts), default=0)
    count_width = max((len(count) for _, count in counts.values()), default=0)
    for name, (file, count) in counts.items():
        print(
            f"OK  {name:{name_width}}  {count:>{count_width}} parameters  {near(file)}"
        )
        for note in notes.get(name, ()):
            print(f"    note: {note}")
    if problems:
        raise SpecError(problems)
    return OK


def checked_architecture(spec: Spec, registry: Registry) -> Architecture:
    """Return the architecture of a spec whose graph gives what its network reads.

    Raises:
        SpecError: where the network cannot be built, or its graph lacks what it reads.
    """
    from ngn_core.network.architecture import architecture_of
    from ngn_core.packed.recipe import recipe_of

    recipe_of(spec, registry)
    return architecture_of(spec)


def near(file: str) -> str:
    """Return a path, relative to the working folder where it lies in it."""
    path, here = Path(file).absolute(), Path().absolute()
    return str(path.relative_to(here)) if path.is_relative_to(here) else file
