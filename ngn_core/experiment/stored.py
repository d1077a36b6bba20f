"""The results in folders and archives, from one machine or from several."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ngn_core.errors import TrialError
from ngn_core.experiment.archive import unpacked
from ngn_core.experiment.result import Result, read_result
from ngn_core.experiment.store import result_folders


def read_results(paths: Sequence[Path]) -> list[Result]:
    """Return the finished trials in some places, each once, in an order of their own.

    The order is that of what they hold, never of the paths. Of a trial that was
    computed twice, on two machines say, one copy counts, always the same one.

    Args:
        paths: folders of trials such as `runs`, trials' own, or archives of them.

    Raises:
        TrialError: for a path without a finished trial, or a damaged trial.
    """
    copies: dict[str, list[Result]] = {}
    for path in paths:
        with unpacked(path) as runs:
            found = [read_result(folder) for folder in result_folders(runs)]
        if not found:
            why = "no finished trial in it" if path.exists() else "no such folder"
            raise TrialError(
                f"{path}: {why}; expected a folder that ngn-compare --out wrote, a "
                "trial's folder in one, or an archive of ngn report --archive"
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
