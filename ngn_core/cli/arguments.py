"""Arguments that several commands take."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_plugin(parser: argparse.ArgumentParser) -> None:
    """Add `--plugin FILE`."""
    parser.add_argument(
        "--plugin",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="a Python file with components; may be given again",
    )


def add_set(parser: argparse.ArgumentParser) -> None:
    """Add `--set KEY=VALUE`."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="assignments",
        metavar="KEY=VALUE",
        help="override a key of each spec, train.batch_size=32 say; may be given again",
    )
