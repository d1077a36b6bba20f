"""The error of each spec by element, by crystal system and by number of atoms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from ngn_core.crystal.elements import SYMBOLS
from ngn_core.crystal.systems import SYSTEMS, crystal_system
from ngn_core.experiment.facts import TestedCrystal
from ngn_core.statistics.crystal_errors import CrystalError

UNKNOWN = "unknown"
"""The crystal system where no space group was found."""


@dataclass(frozen=True)
class ErrorGroup:
    """Test crystals that share something.

    Attributes:
        name: what they share.
        crystals: how many.
        errors: mean of |target - prediction| by spec, in the target's unit; a spec
            that was tested on none of them is not there.
    """

    name: str
    crystals: int
    errors: Mapping[str, float]


Errors = Mapping[str, Sequence[CrystalError]]
"""The error on each test crystal, by spec."""


def error_by_element(
    errors: Errors, tested: Mapping[str, TestedCrystal]
) -> tuple[ErrorGroup, ...]:
    """Return a group for each element, by atomic number: the crystals that hold it.

    Args:
        errors: of the specs.
        tested: formula, space group and atoms of each crystal, by id; crystals that
            are not there are in no group.
    """
    order = {symbol: place for place, symbol in enumerate(SYMBOLS)}
    groups = _grouped(errors, tested, lambda one: elements_of(one.formula))
    return tuple(sorted(groups, key=lambda group: order.get(group.name, len(order))))


def error_by_system(
    errors: Errors, tested: Mapping[str, TestedCrystal]
) -> tuple[ErrorGroup, ...]:
    """Return a group for each crystal system, from triclinic to cubic."""
    groups = _grouped(errors, tested, lambda one: (_system(one),))
    order = (*SYSTEMS, UNKNOWN)
    return tuple(sorted(groups, key=lambda group: order.index(group.name)))


def error_by_size(
    errors: Errors, tested: Mapping[str, TestedCrystal]
) -> tuple[ErrorGroup, ...]:
    """Return a group for each number of atoms, in ranges that double."""
    groups = _grouped(errors, tested, lambda one: (_range(one.atoms),))
    return tuple(sorted(groups, key=lambda group: int(group.name.split("-")[0])))


def error_groups(
    errors: Errors, tested: Mapping[str, TestedCrystal]
) -> dict[str, tuple[ErrorGroup, ...]]:
    """Return the groups by what their crystals share: element, system, size."""
    return {
        "element": error_by_element(errors, tested),
        "system": error_by_system(errors, tested),
        "size": error_by_size(errors, tested),
    }


def elements_of(formula: str) -> tuple[str, ...]:
    """Return the elements of a formula, each once."""
    return tuple(dict.fromkeys(re.findall("[A-Z][a-z]?", formula)))


def _system(one: TestedCrystal) -> str:
    return UNKNOWN if one.space_group is None else crystal_system(one.space_group)


def _range(atoms: int) -> str:
    """Return 1, 2, 3-4, 5-8, 9-16, ..."""
    power = (max(atoms, 1) - 1).bit_length()
    high = 2**power
    low = high // 2 + 1 if power else 1
    return str(high) if low >= high else f"{low}-{high}"


def _grouped(
    errors: Errors,
    tested: Mapping[str, TestedCrystal],
    names: Callable[[TestedCrystal], Iterable[str]],
) -> list[ErrorGroup]:
    members: dict[str, dict[str, list[float]]] = {}
    crystals: dict[str, set[str]] = {}
    for spec, own in errors.items():
        for one in own:
            for name in names(tested[one.id]) if one.id in tested else ():
                members.setdefault(name, {}).setdefault(spec, []).append(one.error)
                crystals.setdefault(name, set()).add(one.id)
    return [
        ErrorGroup(
            name,
            len(crystals[name]),
            {spec: fmean(values) for spec, values in by_spec.items()},
        )
        for name, by_spec in members.items()
    ]
