"""What a check found: one line a law, and everything that was left out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LawVerdict = Literal["holds", "broken", "exempt", "reported"]


@dataclass
class Record:
    """What was measured of one law, crystal by crystal.

    Attributes:
        law: its name.
        what: that was compared (`outputs`, `gradients` ...).
        apart: how far apart it lies, by id: outputs as they are, the others relative.
        broken: a sentence for each crystal that breaks the law without a number.
        sound: crystals that were looked at without a number.
    """

    law: str
    what: str
    apart: dict[str, float] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    sound: set[str] = field(default_factory=set)

    def line(
        self, scale: float, tolerance: float, exempt: str | None = None
    ) -> LawLine:
        """Return the verdict, with deviations divided by `scale`."""
        deviations = {name: value / scale for name, value in self.apart.items()}
        worst = max(deviations, key=lambda name: _order(deviations[name]), default=None)
        deviation = None if worst is None else deviations[worst]
        above = [n for n, value in deviations.items() if not value <= tolerance]
        note = exempt or ""
        if exempt is not None:
            verdict: LawVerdict = "exempt"
        elif above or self.broken:
            verdict = "broken"
        else:
            verdict = "holds"
        if self.broken and exempt is None:
            first, sentence = next(iter(self.broken.items()))
            note = f"{len(self.broken)} crystals, {first} first: {sentence}"
            worst = worst if above else first
        elif verdict == "broken":
            note = f"above {tolerance:g}: {_some(above)}"
        count = len(self.apart.keys() | self.broken.keys() | self.sound)
        return LawLine(self.law, self.what, deviation, worst, count, verdict, note)


@dataclass(frozen=True)
class LawLine:
    """The verdict on one law.

    Attributes:
        law: its name.
        what: that was compared.
        deviation: the largest; of outputs in standard deviations of the outputs over
            the crystals, of gradients and statistics relative; None where the law is
            not one of numbers.
        worst: the crystal of it.
        crystals: on how many it was checked.
        verdict: `exempt` and `reported` never fail.
        note: why it is exempt, or how it is broken.
    """

    law: str
    what: str
    deviation: float | None
    worst: str | None
    crystals: int
    verdict: LawVerdict
    note: str = ""


@dataclass(frozen=True)
class CaughtMutation:
    """What became of one corruption.

    Attributes:
        corruption: what was done to the graphs.
        laws: that it broke, with their deviations.
        immaterial: whether it cannot matter on these graphs.
    """

    corruption: str
    laws: Mapping[str, float | None]
    immaterial: bool = False

    @property
    def passed(self) -> bool:
        """Return whether it was caught where it can be."""
        return bool(self.laws) or self.immaterial


@dataclass(frozen=True)
class LawReport:
    """What a check found.

    Attributes:
        spec: name.
        dataset: name.
        seed: of the sample, the weights and the laws' random choices.
        tolerance: of the deviations.
        crystals: that were checked.
        spread: standard deviation of the outputs over them.
        lines: one a law.
        sizes: mean number of items a crystal, by setting and level.
        changed: what changes when a raw crystal is only written another way, by id.
        bar: largest share of `changed`.
        without_symmetry: why a crystal was taken as P1 or kept shifted, by id.
        unbuilt: why a crystal has no graph, by id.
        problems: sentences that fail the check, beside broken laws.
        caught: what became of each corruption of the self-test.
    """

    spec: str
    dataset: str
    seed: int
    tolerance: float
    crystals: int
    spread: float
    lines: tuple[LawLine, ...]
    sizes: Mapping[str, Mapping[str, float]]
    changed: Mapping[str, str]
    bar: float
    without_symmetry: Mapping[str, str]
    unbuilt: Mapping[str, str]
    problems: tuple[str, ...]
    caught: tuple[CaughtMutation, ...] = ()

    @property
    def share(self) -> float:
        """Return the share of crystals that change when written another way."""
        return len(self.changed) / self.crystals

    @property
    def passed(self) -> bool:
        """Return whether every law holds that the spec is not exempt from."""
        broken = any(line.verdict == "broken" for line in self.lines)
        return not (broken or self.problems) and all(c.passed for c in self.caught)


def _order(deviation: float) -> float:
    return math.inf if math.isnan(deviation) else deviation


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
