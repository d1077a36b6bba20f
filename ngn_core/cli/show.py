"""`ngn show`: one component and its options, or one spec with all its defaults."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ngn_core.cli.arguments import add_plugin, add_set
from ngn_core.cli.exit import OK
from ngn_core.cli.validate import checked_architecture, near
from ngn_core.errors import NGNError

if TYPE_CHECKING:
    from ngn_core.plugin.registry import Registry
    from ngn_core.spec.baseline import Baseline
    from ngn_core.spec.spec import Spec


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "show",
        help="show a component and its options, or a spec with all defaults",
        description="Show what a name means: a component with its reference and its "
        "options; the options of the sections `graph` and `train` of a spec; a spec "
        "with all defaults filled in, as YAML. A name can mean several of these.",
    )
    made.add_argument(
        "name", metavar="NAME", help="name of a component or a spec, or a spec file"
    )
    made.add_argument(
        "--spec", action="store_true", help="show the spec of that name alone"
    )
    add_set(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: for a name that means nothing.
    """
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.plugin.suggest import did_you_mean
    from ngn_core.report.options_table import print_entry, print_section
    from ngn_core.spec.library import look_up, shipped_specs
    from ngn_core.spec.load import load_all
    from ngn_core.spec.spec import SECTIONS

    registry = collect(plugin_manager(args.plugin))
    entries = [] if args.spec else registry.named(args.name)
    section = None if args.spec else SECTIONS.get(args.name)
    is_spec = look_up(args.name) is not None
    if not (entries or section or is_spec):
        names = [*shipped_specs(), *SECTIONS, *(entry.name for entry in registry)]
        suggestion = (
            did_you_mean(args.name, names) or "ngn plugins and ngn specs list them"
        )
        raise NGNError(f"{args.name!r} is no component, spec or file. {suggestion}")
    for entry in entries:
        print_entry(entry)
    if section is not None:
        print_section(args.name, section)
    if is_spec:
        for spec in load_all([args.name], registry, args.assignments):
            _print_spec(spec, registry)
    return OK


def _print_spec(spec: Spec | Baseline, registry: Registry) -> None:
    """Print a spec as YAML, so that the output is a spec file."""
    from ngn_core.spec.plain_yaml import write_yaml
    from ngn_core.spec.spec import Spec

    count = "no network"
    if isinstance(spec, Spec):
        count = f"{checked_architecture(spec, registry).parameters:,} parameters"
    print(f"# {near(spec.file)}, with all defaults: {count}")
    print(write_yaml(spec.resolved()), end="")
