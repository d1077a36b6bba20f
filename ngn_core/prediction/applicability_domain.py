"""What the training crystals of a model span, and what leaves it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.formula import formula
from ngn_core.crystal.spacing import Spacing
from ngn_core.experiment.training_crystals import TrainingCrystals, digest_of

RARE = 10
"""An element in fewer training crystals than this is rare."""

_ROUNDING = 1e-6
_ELEMENT = re.compile("[A-Z][a-z]?")

Range = tuple[float, float]
"""The least and the greatest value of the training crystals."""


@dataclass(frozen=True)
class Flags:
    """How a crystal leaves what the model has seen; empty where it does not.

    Attributes:
        unseen: elements that no training crystal has.
        rare: elements that fewer than ten of them have.
        volume: volume an atom, where it is outside of theirs, Å^3.
        bond: shortest bond, where it is outside of theirs, Å.
        duplicate: id of a training crystal of the same reduced formula.
    """

    unseen: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    volume: float | None = None
    bond: float | None = None
    duplicate: str | None = None


@dataclass(frozen=True)
class ApplicabilityDomain:
    """What training crystals span.

    Attributes:
        crystals: how many there are.
        ids_digest: sha256 of their ids.
        elements: in how many of them each element is.
        volume: per atom, Å^3.
        bond: the shortest, Å.
        formulas: id of the first training crystal, by reduced formula; empty where
            they are not known.
    """

    crystals: int
    ids_digest: str
    elements: Mapping[str, int]
    volume: Range
    bond: Range
    formulas: Mapping[str, str] = field(default_factory=dict, repr=False)

    def flags(self, crystal: Crystal, spacing: Spacing) -> Flags:
        """Return how a crystal leaves the domain."""
        present = sorted({z for site in crystal.species for z, _ in site})
        symbols = [symbol_of(number) for number in present]
        known = {symbol: self.elements.get(symbol, 0) for symbol in symbols}
        return Flags(
            tuple(symbol for symbol, count in known.items() if count == 0),
            tuple(symbol for symbol, count in known.items() if 0 < count < RARE),
            _outside(spacing.volume, self.volume),
            _outside(spacing.bond, self.bond),
            self.formulas.get(formula(crystal.species)),
        )

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, without formulas and ids."""
        plain = asdict(self)
        del plain["formulas"]
        return plain

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> ApplicabilityDomain:
        """Return a domain from plain data."""
        volume, bond = (tuple(plain[key]) for key in ("volume", "bond"))
        return cls(**{**plain, "volume": volume, "bond": bond})


def find_domain(seen: Sequence[TrainingCrystals]) -> ApplicabilityDomain:
    """Return what the training crystals of some trials span together."""
    every = {name: one for trial in seen for name, one in trial.items()}
    elements: Counter[str] = Counter()
    formulas: dict[str, str] = {}
    for name, one in every.items():
        elements.update(set(_ELEMENT.findall(one.formula)))
        formulas.setdefault(one.formula, name)
    volumes = [one.spacing.volume for one in every.values()]
    bonds = [one.spacing.bond for one in every.values()]
    return ApplicabilityDomain(
        len(every),
        digest_of(list(every)),
        dict(sorted(elements.items())),
        (min(volumes), max(volumes)),
        (min(bonds), max(bonds)),
        formulas,
    )


def _outside(value: float, known: Range) -> float | None:
    """Return a value where it is outside of a range, rounding aside."""
    low, high = known
    inside = low * (1 - _ROUNDING) <= value <= high * (1 + _ROUNDING)
    return None if inside else value
