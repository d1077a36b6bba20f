"""The trials that calls meant to run, so that one can see what is missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ngn_core.errors import TrialError
from ngn_core.experiment.store import PARTIAL
from ngn_core.experiment.trial import Trial
from ngn_core.files import atomic_write

FOLDER = "plans"


@dataclass(frozen=True)
class Planned:
    """A trial that is to be run.

    Attributes:
        digest: of the trial.
        spec: its name.
        dataset: its name.
        target: its name.
        fold: whose test part is tested on.
        seed: of weights and order.
    """

    digest: str
    spec: str
    dataset: str
    target: str
    fold: int
    seed: int

    def __str__(self) -> str:
        """Return the trial in words."""
        where = f"{self.dataset} {self.target}"
        return f"{self.spec} {where} fold {self.fold} seed {self.seed}"


def write_plan(runs: Path, trials: Iterable[Trial]) -> None:
    """Keep the trials of a grid; the same grid is kept once.

    A folder that cannot be written is said to be so by the first trial.
    """
    rows = [
        asdict(
            Planned(
                trial.digest,
                trial.spec.name,
                trial.crystals.called,
                trial.target.name,
                trial.fold,
                trial.seed,
            )
        )
        for trial in trials
    ]
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    file = runs / PARTIAL / FOLDER / f"{key}.json"
    with suppress(OSError):
        if rows and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(file) as partial:
                partial.write_text(text + "\n", encoding="utf-8")


def read_plans(runs: Path) -> Sequence[Planned]:
    """Return the trials of all grids of a folder, each once.

    Raises:
        TrialError: where a plan is damaged.
    """
    found: dict[str, Planned] = {}
    for file in sorted((runs / PARTIAL / FOLDER).glob("*.json")):
        try:
            for row in json.loads(file.read_text(encoding="utf-8")):
                planned = Planned(**row)
                found[planned.digest] = planned
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise TrialError(
                f"{file}: not a plan ({type(error).__name__}: {error}); remove it, and "
                "the same comparison writes it again"
            ) from error
    return sorted(
        found.values(),
        key=lambda one: (one.dataset, one.target, one.spec, one.fold, one.seed),
    )
