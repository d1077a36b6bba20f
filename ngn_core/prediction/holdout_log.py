"""The record of who has read a hold-out when: each reading makes it worth less."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ngn_core.errors import TrialError
from ngn_core.experiment.lease import alone
from ngn_core.experiment.store import PARTIAL
from ngn_core.files import atomic_write

READINGS = "holdout.jsonl"
"""File in the folder of trials that every reading is added to."""


def record_reading(
    runs: Path, held_out: str, entries: Sequence[Mapping[str, Any]]
) -> tuple[str, ...]:
    """Add a reading to the record of a folder; return the dates of those before.

    One process at a time adds to it, and the file is whole at every moment.

    Args:
        runs: the folder of trials.
        held_out: digest of what was read.
        entries: plain data, one for each model.

    Raises:
        TrialError: where the reading cannot be recorded, so that nobody sees it.
    """
    file = runs / READINGS
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    about = {"date": now, "held_out": held_out}
    try:
        with alone(runs / PARTIAL / "readings"):
            known = file.read_text(encoding="utf-8") if file.exists() else ""
            lines = known.splitlines()
            before = [_entry(file, *line) for line in enumerate(lines, 1)]
            new = [json.dumps({**about, **one}, ensure_ascii=False) for one in entries]
            text = "".join(line + "\n" for line in [*lines, *new])
            with atomic_write(file) as partial:
                partial.write_text(text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrialError(f"cannot record the reading in {file}: {error}") from error
    dates = [entry["date"] for entry in before if entry["held_out"] == held_out]
    return tuple(dict.fromkeys(dates))


def _entry(file: Path, number: int, text: str) -> dict[str, Any]:
    try:
        entry: dict[str, Any] = json.loads(text)
        entry["date"], entry["held_out"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrialError(
            f"{file}:{number}: not a reading ({type(error).__name__}: {error}); "
            "expected the file as ngn holdout wrote it"
        ) from error
    return entry
