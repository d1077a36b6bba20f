"""Arguments on where the trials of a comparison are run."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngn_core.plugin.options import Use
    from ngn_core.plugin.registry import Registry


def add_executor(parser: argparse._ActionsContainer) -> None:
    """Add `--executor NAME`, `--executor-option KEY=VALUE` and `--address ADDRESS`."""
    parser.add_argument(
        "--executor",
        metavar="NAME",
        help="run each trial in a process of its own: local, on this machine; slurm, "
        "as a task of an array; ray, on a cluster (default: in this process, one after "
        "the other); ngn plugins lists the kinds",
    )
    parser.add_argument(
        "--executor-option",
        action="append",
        default=[],
        dest="executor_options",
        metavar="KEY=VALUE",
        help="of the executor, workers=4 say; may be given again; ngn show lists them",
    )
    parser.add_argument(
        "--address",
        metavar="ADDRESS",
        help="of a Ray cluster, short for --executor-option address=ADDRESS",
    )


def executor_of(args: argparse.Namespace, registry: Registry) -> Use | None:
    """Return the executor that runs the trials, None for this process.

    Raises:
        NGNError: for one that there is not, or options that it does not take.
    """
    from ngn_core.errors import NGNError

    options = list(args.executor_options)
    if args.address is not None:
        options.append(f"address={args.address}")
    if args.executor is None:
        if options:
            raise NGNError(f"--executor-option {options[0]}: expected an --executor")
        return None
    if args.trials_only or args.shard is not None:
        flag = "--trials-only" if args.trials_only else f"--shard {args.shard}"
        raise NGNError(
            f"--executor {args.executor} and {flag}: expected one of them, for an "
            "executor shares the trials out itself"
        )
    from ngn_core.comparison.executor import choose_executor

    return choose_executor(args.executor, options, registry)
