"""`ngn-compare`: train specs on the same folds and compare them."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from ngn_core import __version__
from ngn_core.cli.arguments import (
    add_device,
    add_devices,
    add_files,
    add_set,
    add_specs,
)
from ngn_core.cli.arguments_costs import add_costs
from ngn_core.cli.arguments_data import add_data
from ngn_core.cli.arguments_executor import add_executor, executor_of
from ngn_core.cli.arguments_leaderboard import add_external, submissions_of
from ngn_core.cli.arguments_log import add_log, log_of
from ngn_core.cli.arguments_protocol import add_protocol, protocol_of
from ngn_core.cli.arguments_sharing import add_sharing, seconds_of, shard_of
from ngn_core.cli.arguments_sweep import add_sweep
from ngn_core.cli.arguments_verdicts import add_verdicts, question_of
from ngn_core.cli.benchmark import add_benchmark, with_benchmark
from ngn_core.cli.exit import FAILED, OK, UNFINISHED, sentences
from ngn_core.cli.request import request_of
from ngn_core.cli.written import tell_written
from ngn_core.processes import wait_briefly

if TYPE_CHECKING:
    from ngn_core.comparison.request import Request
    from ngn_core.report.progress import Progress
    from ngn_core.training.stop import Stop


def parser() -> argparse.ArgumentParser:
    """Return the parser of `ngn-compare`."""
    made = argparse.ArgumentParser(
        prog="ngn-compare",
        description="Train architectures on the same crystals and folds, and compare "
        "their accuracy and cost.",
        epilog="Without --dataset, the embedded emt_alloys: model data for trying "
        "things out.",
    )
    add_arguments(made)
    sharing = made.add_argument_group("sharing")
    add_sharing(sharing)
    add_executor(sharing)
    made.add_argument("--version", action="version", version=f"ngn {__version__}")
    return made


def add_arguments(made: argparse.ArgumentParser) -> None:
    """Add what says what is compared, and how."""
    add_specs(made)
    add_benchmark(made)
    add_data(made.add_argument_group("data"), several=True)
    training = made.add_argument_group("training")
    training.add_argument(
        "--seeds", type=int, default=1, metavar="N", help="trials a fold (default: 1)"
    )
    add_protocol(training)
    add_set(training)
    add_sweep(training)
    add_device(training)
    add_devices(training)
    add_costs(training)
    add_log(training)
    add_verdicts(made.add_argument_group("verdicts"))
    add_external(made.add_argument_group("beside"))
    files = made.add_argument_group("files")
    add_files(files)


@sentences
def main(arguments: list[str] | None = None) -> int:
    """Run `ngn-compare` and return its exit code."""
    made = parser()
    given = sys.argv[1:] if arguments is None else arguments
    args = made.parse_intermixed_args(with_benchmark(made, given))
    wait_briefly()
    from ngn_core.experiment.stopping import stopping
    from ngn_core.report.progress import Progress
    from ngn_core.training.denormals import denormals_flushed
    from ngn_core.training.stop import Stopped

    with denormals_flushed(), Progress() as progress:
        try:
            with stopping(seconds_of(args), args.max_time) as stop:
                return _compare(args, progress, stop)
        except Stopped as stopped:
            progress.close()
            progress.note(f"{stopped}: what is done is stored, the same call goes on.")
            return UNFINISHED
        except KeyboardInterrupt:
            progress.close()
            progress.note(
                "Finished trials are stored, the one that ran goes on from its last "
                "checkpoint: the same command continues."
            )
            raise


def comparison_of(args: argparse.Namespace) -> Request:
    """Return the comparison that is asked for."""
    return request_of(
        args,
        args.specs,
        sweeps=tuple(args.sweeps),
        seeds=args.seeds,
        protocol=protocol_of(args),
        epochs=args.epochs,
        budget=args.budget,
        verdict_options=question_of(args),
        costs=args.costs,
        log=log_of(args),
        devices=args.devices,
        against=submissions_of(args),
        leaderboard=args.leaderboard,
    )


def _compare(args: argparse.Namespace, progress: Progress, stop: Stop) -> int:
    from ngn_core.comparison.open_run import open_run
    from ngn_core.comparison.session import compare, run_share
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.files import write_report
    from ngn_core.report.terminal import print_summary
    from ngn_core.summary.summary import summarize

    registry = collect(plugin_manager(args.plugin))
    executor = executor_of(args, registry)
    request = replace(comparison_of(args), shard=shard_of(args), executor=executor)
    run = open_run(request, registry, progress, stop)
    if args.trials_only or request.shard is not None:
        return FAILED if run_share(request, run) else OK
    tables = compare(request, run)
    progress.close()
    summary = summarize(tables)
    print_summary(summary)
    written = write_report(summary, args.out / "report")
    tell_written(written)
    return FAILED if any(table.failures for table in tables) else OK
