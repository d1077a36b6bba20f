"""Arguments about the costs of a comparison."""

from __future__ import annotations

import argparse


def add_costs(parser: argparse._ActionsContainer) -> None:
    """Add `--costs WHICH`."""
    parser.add_argument(
        "--costs",
        choices=("missing", "fresh", "none"),
        default="missing",
        help="which costs are measured after the trials, one spec at a time: those "
        "that were not yet on this hardware, all, or none (default: missing)",
    )
