"""Arguments for what stands beside trials: submissions and published scores."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngn_core.matbench.submission import Submission


def add_external(parser: argparse._ActionsContainer) -> None:
    """Add `--against FILE` and `--leaderboard`."""
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="[NAME=]FILE",
        help="results.json.gz of a submission to MatBench, scored on the folds and "
        "crystals that both have; may be given again",
    )
    parser.add_argument(
        "--leaderboard",
        action="store_true",
        help="rows with the fold scores that others published for the same whole "
        "MatBench task",
    )


def submissions_of(args: argparse.Namespace) -> tuple[Submission, ...]:
    """Return the submissions that `--against` names.

    Raises:
        NGNError: where a file is no submission, or two have the same name.
    """
    from ngn_core.errors import NGNError
    from ngn_core.matbench.submission import read_submission

    found: dict[str, Submission] = {}
    for text in args.against:
        name, equals, file = text.partition("=")
        named = bool(equals) and not Path(text).exists()
        path = Path(file) if named else Path(text)
        submission = read_submission(path, name if named else None)
        if submission.name in found:
            raise NGNError(
                f"--against {text}: another submission is called {submission.name!r}; "
                "name them, A=FILE"
            )
        found[submission.name] = submission
    return tuple(found.values())
