"""Costs beside the results: a file for each spec and place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ngn_core.costs.cost import Cost, Turn
from ngn_core.costs.hardware import digest_hardware
from ngn_core.errors import TrialError
from ngn_core.experiment import lease
from ngn_core.experiment.archive import unpacked
from ngn_core.files import atomic_write

FORMAT = 1
COSTS = "costs"
"""Folder of the costs in a folder of results."""


def cost_file(runs: Path, model: str, environment: Mapping[str, Any]) -> Path:
    """Return where the cost of a model is kept for the place of an environment."""
    return runs / COSTS / f"{model[:16]}-{digest_hardware(environment)[:8]}.json"


def write_cost(cost: Cost, runs: Path) -> None:
    """Write a cost, whole or not at all.

    Raises:
        TrialError: where it cannot be written.
    """
    file = cost_file(runs, cost.model, cost.environment)
    text = json.dumps({"format": FORMAT, **asdict(cost)}, indent=1, ensure_ascii=False)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(file) as partial:
            partial.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise TrialError(f"cannot write costs to {file.parent}: {error}") from error


def read_cost(file: Path) -> Cost:
    """Read a stored cost.

    Raises:
        TrialError: where it is not one, or not whole.
    """
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        if plain.pop("format") != FORMAT:
            raise ValueError(f"not of format {FORMAT}")
        turns = tuple(Turn(**turn) for turn in plain.pop("turns"))
        cost = Cost(**plain, turns=turns)
        if not turns or not cost.hardware.threads:
            raise ValueError("nothing was measured")
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ) as error:
        raise TrialError(
            f"{file}: not a whole cost ({type(error).__name__}: {error}); remove it, "
            "or measure again with --costs fresh"
        ) from error
    return cost


def read_costs(paths: Sequence[Path]) -> list[Cost]:
    """Return all costs in folders or archives of results, in the files' order.

    Raises:
        TrialError: where one is not whole, or a file is no archive.
    """
    found = []
    for path in paths:
        with unpacked(path) as runs:
            found += [read_cost(file) for file in sorted((runs / COSTS).glob("*.json"))]
    return found


@contextmanager
def alone(runs: Path) -> Iterator[None]:
    """Keep the measuring to this process; another one waits.

    Raises:
        TrialError: where the folder cannot be written.
    """
    kept = ExitStack()
    try:
        kept.enter_context(lease.alone(runs / COSTS / ".leases"))
    except OSError as error:
        raise TrialError(f"cannot write costs to {runs / COSTS}: {error}") from error
    with kept:
        yield
