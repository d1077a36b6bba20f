"""Arguments that several commands take."""

from __future__ import annotations

import argparse
from pathlib import Path

from ngn_core.plugin.cores import cores_here


def add_specs(parser: argparse._ActionsContainer) -> None:
    """Add `SPEC...`."""
    parser.add_argument(
        "specs",
        nargs="+",
        metavar="SPEC",
        help="spec file, or name of a shipped spec (ngn specs lists them)",
    )


def add_device(parser: argparse._ActionsContainer) -> None:
    """Add `--device DEVICE`."""
    parser.add_argument(
        "--device",
        default="auto",
        metavar="DEVICE",
        help="auto, cpu, cuda or cuda:1 (default: auto)",
    )


def add_devices(parser: argparse._ActionsContainer) -> None:
    """Add `--devices N`."""
    parser.add_argument(
        "--devices",
        type=from_one,
        default=1,
        metavar="N",
        help="GPUs that share each batch of a trial, or processes where it is trained "
        "on the CPU (default: 1)",
    )


def add_plugin(parser: argparse._ActionsContainer) -> None:
    """Add `--plugin FILE`."""
    parser.add_argument(
        "--plugin",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="a Python file with components; may be given again",
    )


def add_set(parser: argparse._ActionsContainer) -> None:
    """Add `--set KEY=VALUE`."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="assignments",
        metavar="KEY=VALUE",
        help="override a key of each spec, train.batch_size=32 say; may be given again",
    )


def add_cache(parser: argparse._ActionsContainer) -> None:
    """Add `--cache DIR` and `--jobs N`."""
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="graphs, kept between calls (default: the user's cache folder)",
    )
    add_jobs(parser)


def add_jobs(parser: argparse._ActionsContainer) -> None:
    """Add `--jobs N`."""
    parser.add_argument(
        "--jobs",
        type=from_one,
        default=cores_here(),
        metavar="N",
        help="processes that build graphs (default: one a core)",
    )


def from_one(text: str) -> int:
    """Return a number from 1 on, as an argument gives it."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a number from 1 on")
    return int(text)


def add_files(files: argparse._ActionsContainer) -> None:
    """Add where results, graphs and plugins are: `--out`, `--fresh` and the rest."""
    files.add_argument(
        "--out",
        type=Path,
        default=Path("runs"),
        metavar="DIR",
        help="results; a second call computes only what is missing (default: runs)",
    )
    files.add_argument(
        "--fresh", action="store_true", help="compute stored results again"
    )
    add_cache(files)
    add_plugin(files)
