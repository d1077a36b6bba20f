"""Arguments that say which specs are compared with which."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ngn_core.statistics.verdicts import MARGIN

if TYPE_CHECKING:
    from ngn_core.statistics.verdict_options import VerdictOptions


def add_verdicts(parser: argparse._ActionsContainer) -> None:
    """Add `--margin SHARE`, `--baseline SPEC` and `--all-pairs`."""
    parser.add_argument(
        "--margin",
        type=float,
        default=MARGIN,
        metavar="SHARE",
        help="specs are equivalent where the 90 %% interval of the difference lies "
        f"within this share of the error (default: {MARGIN})",
    )
    parser.add_argument(
        "--baseline",
        metavar="SPEC",
        help="compare every spec with this one (default: with the best)",
    )
    parser.add_argument(
        "--all-pairs", action="store_true", help="compare every pair of specs as well"
    )


def question_of(args: argparse.Namespace) -> VerdictOptions:
    """Return what the flags of `add_verdicts` ask."""
    from ngn_core.statistics.verdict_options import VerdictOptions

    return VerdictOptions(args.margin, args.baseline, args.all_pairs)
