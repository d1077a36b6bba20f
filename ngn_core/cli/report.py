"""`ngn report`: tables and reports from stored results alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_plugin
from ngn_core.cli.arguments_beside import add_beside, submissions_of
from ngn_core.cli.arguments_verdicts import add_verdicts, question_of
from ngn_core.cli.exit import OK
from ngn_core.errors import NGNError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "report",
        help="build the report again from stored results",
        description="Build every table and report from results that ngn-compare "
        "stored, on one machine or on several, or from submissions to MatBench alone. "
        "Nothing is trained, and no dataset is read. Equal results give equal files.",
    )
    made.add_argument(
        "runs",
        nargs="*",
        type=Path,
        metavar="RUNS",
        help="folders that ngn-compare --out wrote, or trials' folders in them",
    )
    add_beside(made)
    add_verdicts(made)
    made.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="folder of the report (default: report in the first RUNS)",
    )
    made.add_argument(
        "--paper",
        type=Path,
        metavar="DIR",
        help="figures, tables, methods and references for a paper, in a folder",
    )
    add_plugin(made)
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: where there is nothing to report, or nowhere to write it.
    """
    if not asked.runs and not asked.against:
        raise NGNError("expected RUNS, the folder of ngn-compare --out, or --against")
    if not asked.runs and asked.out is None:
        raise NGNError("--against without RUNS: expected --out DIR for the report")
    from ngn_core.compare.beside import Beside
    from ngn_core.compare.cost_files import read_costs
    from ngn_core.compare.stored import read_results
    from ngn_core.compare.tables import Asked, tables_of
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.files import write_report
    from ngn_core.report.terminal import print_tables

    registry = collect(plugin_manager(asked.plugin))
    beside = Beside(submissions_of(asked), asked.board)
    wanted = Asked(beside, question_of(asked), tuple(read_costs(asked.runs)))
    tables = tables_of(read_results(asked.runs), registry, wanted)
    print_tables(tables)
    written = write_report(tables, asked.out or asked.runs[0] / "report")
    if asked.paper is not None:
        from ngn_core.report.paper import write_paper

        written += write_paper(tables, asked.paper)
    print("report: " + ", ".join(str(file) for file in written), file=sys.stderr)
    return OK
