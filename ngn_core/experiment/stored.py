"""The results in folders, from one machine or from several."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result, read_result
from ngn_core.experiment.store import result_folders


def read_results(paths: Sequence[Path]) -> list[Result]:
    """Return the finished trials in some folders, each once, in an order of their own.

    The order is that of what they hold, never of the paths. Of a trial that was
    computed twice, on two machines say, one copy counts, always the same one.

    Args:
        paths: folders of trials such as `runs`, or trials' own.

    Raises:
        TrialError: for a path without a finished trial, or a damaged trial.
    """
    copies: dict[str, list[Result]] = {}
    for path in paths:
        found = [read_result(folder) for folder in result_folders(path)]
        if not found:
            raise TrialError(
                f"{path}: {_why(path)}; expected a folder that ngn-compare --out "
                "wrote, or a trial's folder in one"
            )
        for result in found:
            copies.setdefault(result.digest, []).append(result)
    results = [_one(same) for same in copies.values()]
    return sorted(results, key=order)


def order(result: Result) -> tuple[str, str, str, int, int, str]:
    """Return what results are sorted by."""
    about = result.dataset, result.target, result.spec
    return *about, result.fold, result.seed, result.digest


def _one(copies: Sequence[Result]) -> Result:
    """Return one of several copies of a trial; facts of any of them are its own."""
    chosen = min(copies, key=_content)
    facts = [copy.facts for copy in copies if copy.facts is not None]
    if chosen.facts is None and facts:
        chosen = replace(chosen, facts=min(facts, key=lambda one: repr(one)))
    return chosen


def _content(result: Result) -> str:
    rows = [result.predictions, dict(result.environment), dict(result.cost)]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def _why(path: Path) -> str:
    if not path.exists():
        return "no such folder"
    return "no finished trial in it" if path.is_dir() else "not a folder"
