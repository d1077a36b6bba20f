"""The argument that makes many specs of one."""

from __future__ import annotations

import argparse


def add_sweep(parser: argparse._ActionsContainer) -> None:
    """Add `--sweep KEY=VALUE,VALUE`."""
    parser.add_argument(
        "--sweep",
        action="append",
        default=[],
        dest="sweeps",
        metavar="KEY=VALUE,...",
        help="each spec with each of these values, graph.edges.neighbors=4,8,12 say, "
        "or data.train_size=0.1,0.5,1, shares of each fold's training part; given "
        "again: a grid. Baselines, which have no architecture, take data.train_size "
        "alone",
    )
