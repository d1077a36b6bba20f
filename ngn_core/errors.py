"""The errors of ngn: each says what is wrong, where, what was found, what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class NGNError(Exception):
    """Something that the user can mend; printed as a sentence, without traceback."""


class PluginError(NGNError):
    """A plugin that cannot be loaded, clashes with another or breaks its interface."""


class StructureError(NGNError):
    """A crystal that cannot be read or cannot become a graph."""


class DatasetError(NGNError):
    """A dataset that cannot be opened, or rows that cannot be trained on."""


class TrialError(NGNError):
    """A trial that cannot go on, or a stored result that cannot be read."""


class DamagedError(TrialError):
    """What is stored of a trial is cut off or changed; computing it again mends it."""


class WeightsError(NGNError):
    """Published weights, or reference data, that cannot be used."""


class ExecutorError(NGNError):
    """Processes or machines that trials cannot be run on."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a spec, with its place and its remedy."""

    file: str
    line: int | None
    key: str
    found: str
    expected: str
    suggestion: str | None = None

    def __str__(self) -> str:
        """Return the problem as `file:line: key: found ...; expected ...`."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        text = f"{place}: {self.key}: found {self.found}; expected {self.expected}"
        return text if self.suggestion is None else f"{text}. {self.suggestion}"


class SpecError(NGNError):
    """Specs with problems, all of them, of all files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
