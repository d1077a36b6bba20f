"""The argument that shows learning curves while they grow."""

from __future__ import annotations

import argparse
import importlib.util
from typing import TYPE_CHECKING

from ngn_core.errors import NGNError

if TYPE_CHECKING:
    from ngn_core.training.logs import LogName


def add_log(parser: argparse._ActionsContainer) -> None:
    """Add `--log PROGRAM`."""
    parser.add_argument(
        "--log",
        choices=("tensorboard",),
        help="write the learning curve of each trial into its folder for this program, "
        "too (needs ngn[tensorboard])",
    )


def log_of(args: argparse.Namespace) -> LogName | None:
    """Return what learning curves are written for.

    Raises:
        NGNError: where it is not installed.
    """
    log: LogName | None = args.log
    if log is not None and importlib.util.find_spec(log) is None:
        raise NGNError(f"--log {log} needs {log}: pip install 'ngn[{log}]'")
    return log
