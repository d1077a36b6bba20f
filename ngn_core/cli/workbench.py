"""`ngn`: the workbench, for everything around a comparison."""

from __future__ import annotations

import argparse
import sys

from ngn_core import __version__
from ngn_core.cli import (
    check,
    data,
    estimate,
    explain,
    export,
    graph,
    holdout,
    new_plugin,
    parity,
    plugins,
    predict,
    prepare,
    report,
    show,
    specs,
    status,
    submit,
    tune,
    validate,
)
from ngn_core.cli.exit import sentences
from ngn_core.processes import wait_briefly

_WITH_NETWORKS = (estimate.run, predict.run, tune.run, explain.run)
"""Commands that train or predict."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of `ngn`."""
    made = argparse.ArgumentParser(
        prog="ngn",
        description="Look at specs and components, and use trained networks. "
        "Comparisons are made by ngn-compare.",
    )
    made.add_argument("--version", action="version", version=f"ngn {__version__}")
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    commands_in_order = (
        specs,
        show,
        validate,
        plugins,
        new_plugin,
        data,
        graph,
        check,
        parity,
        prepare,
        estimate,
        predict,
        export,
        holdout,
        tune,
        explain,
        status,
        report,
        submit,
    )
    for command in commands_in_order:
        command.add(commands)
    return made


@sentences
def main(arguments: list[str] | None = None) -> int:
    """Run `ngn` and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["estimate"]:
        given = ["estimate", *estimate.arguments(given[1:])]
    args = parser().parse_args(given)
    wait_briefly()
    run = args.run
    if run in _WITH_NETWORKS:
        from ngn_core.training.denormals import denormals_flushed

        run = denormals_flushed()(run)
    code: int = run(args)
    return code
