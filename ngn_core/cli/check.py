"""`ngn check`: whether a network obeys the laws of crystals, on real ones."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ngn_core.cli.arguments import add_plugin, add_set
from ngn_core.cli.arguments_data import add_on_disorder
from ngn_core.cli.exit import FAILED, OK
from ngn_core.errors import NGNError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "check",
        help="check on real crystals that a network obeys their symmetry",
        description="Give a network random weights and check in float64 that its "
        "prediction is the same however a crystal is written, in every cell, and on "
        "the asymmetric unit and the orbits, in training too. Deviations are in "
        "standard deviations of the outputs over the crystals. Exit code 1 where a law "
        "is broken.",
    )
    made.add_argument(
        "spec", metavar="SPEC", help="spec file, or name of a shipped spec"
    )
    made.add_argument(
        "--dataset",
        default="emt_alloys",
        metavar="DATA",
        help="name, folder or file; no target is needed (default: emt_alloys)",
    )
    made.add_argument(
        "--limit", type=int, metavar="N", help="a seeded sample of so many crystals"
    )
    made.add_argument(
        "--seed",
        type=int,
        default=0,
        metavar="S",
        help="of the sample, the weights and the rotations (default: 0)",
    )
    made.add_argument(
        "--tolerance",
        type=float,
        default=1e-6,
        metavar="T",
        help="largest deviation (default: 1e-6)",
    )
    made.add_argument("--json", action="store_true", help="print JSON, not tables")
    made.add_argument(
        "--self-test",
        action="store_true",
        help="also corrupt graphs on purpose, and fail where no law notices it",
    )
    add_on_disorder(made)
    add_set(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: for numbers that cannot be.
    """
    from ngn_core.checks.check import check
    from ngn_core.dataset.open import open_dataset
    from ngn_core.dataset.select import select
    from ngn_core.packed.needs import check_columns, check_disorder
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.check import check_as_json, print_check
    from ngn_core.spec.load import load_one

    if not args.tolerance > 0:
        raise NGNError(f"--tolerance {args.tolerance:g}: expected more than 0")
    if args.seed < 0:
        raise NGNError(f"--seed {args.seed}: expected 0 or more")
    registry = collect(plugin_manager(args.plugin))
    spec = load_one(args.spec, registry, args.assignments)
    table = open_dataset(args.dataset, registry)
    crystals = select(
        table,
        None,
        limit=args.limit,
        on_bad_structure="skip",
        seed=args.seed,
        on_disorder=args.on_disorder,
        read=check_columns([spec], table),
    )
    check_disorder([spec], crystals)
    found = check(
        spec,
        crystals,
        args.seed,
        args.tolerance,
        with_self_test=args.self_test,
        progress=_tell,
    )
    if args.json:
        print(check_as_json(found))
    else:
        print_check(found)
    return OK if found.passed else FAILED


def _tell(done: int, total: int) -> None:
    """Say on a terminal how many crystals are done."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\rchecked {done} of {total} crystals", end=end, file=sys.stderr)
