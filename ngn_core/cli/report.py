"""`ngn report`: tables and reports from stored results alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_plugin
from ngn_core.cli.arguments_leaderboard import add_external, submissions_of
from ngn_core.cli.arguments_verdicts import add_verdicts, question_of
from ngn_core.cli.exit import OK
from ngn_core.cli.written import tell_written
from ngn_core.errors import NGNError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "report",
        help="build the report again from stored results",
        description="Build every table and report from results that ngn-compare "
        "stored, on one machine or on several, or from submissions to MatBench alone. "
        "Nothing is trained. Equal results give equal files.",
    )
    made.add_argument(
        "runs",
        nargs="*",
        type=Path,
        metavar="RUNS",
        help="folders that ngn-compare --out wrote, trials' folders in them, or "
        "archives of trials",
    )
    add_external(made)
    add_verdicts(made)
    made.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder of the report (default: report in the first RUNS; in the current "
        "folder where that is an archive)",
    )
    made.add_argument(
        "--archive",
        type=Path,
        metavar="FILE",
        help="write all trials of RUNS, without their weights, into one file (.tar.xz) "
        "that ngn report opens; with the same FILE among RUNS, trials are added to it",
    )
    made.add_argument(
        "--paper",
        type=Path,
        metavar="DIR",
        help="figures, tables, methods and references for a paper, in a folder",
    )
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: where there is nothing to report, or nowhere to write it.
    """
    if not args.runs and not args.against:
        raise NGNError("expected RUNS, the folder of ngn-compare --out, or --against")
    if not args.runs and args.out is None:
        raise NGNError("--against without RUNS: expected --out DIR for the report")
    from ngn_core.costs.cost_files import read_costs
    from ngn_core.experiment.stored import read_results
    from ngn_core.matbench.external_results import ExternalResults
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.files import write_report
    from ngn_core.report.terminal import print_summary
    from ngn_core.summary.summary import summarize
    from ngn_core.summary.tables import ReportOptions, tables_of

    registry = collect(plugin_manager(args.plugin))
    external = ExternalResults(submissions_of(args), args.leaderboard)
    wanted = ReportOptions(external, question_of(args), tuple(read_costs(args.runs)))
    tables = tables_of(read_results(args.runs), registry, wanted)
    summary = summarize(tables)
    print_summary(summary)
    tell_written(write_report(summary, args.out or _beside(args.runs[0])))
    if args.archive is not None:
        from ngn_core.summary.archive import write_archive

        write_archive(tables, args.archive)
        print(f"archive: {args.archive}", file=sys.stderr)
    if args.paper is not None:
        from ngn_core.report.paper import write_paper

        write_paper(summary, args.paper)
        print(f"paper: {args.paper}", file=sys.stderr)
    return OK


def _beside(runs: Path) -> Path:
    """Return the folder of the report where none is named."""
    return Path("report") if runs.is_file() else runs / "report"
