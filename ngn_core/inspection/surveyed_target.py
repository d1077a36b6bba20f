"""The target of a dataset, and which one is surveyed where nobody names one."""

from __future__ import annotations

from dataclasses import dataclass

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.open import default_target
from ngn_core.errors import DatasetError
from ngn_core.inspection.distribution import (
    Distribution,
    Outliers,
    distribution,
    outliers,
)


@dataclass(frozen=True)
class TargetSurvey:
    """The target of a dataset.

    Attributes:
        name: its column.
        unit: `?` where nobody says.
        task: regression or binary.
        per: what it is counted by, None where nobody says.
        transform: what is trained on in its place.
        distribution: of its values.
        outliers: none where binary.
    """

    name: str
    unit: str
    task: str
    per: str | None
    transform: str
    distribution: Distribution
    outliers: Outliers | None


def surveyed_target(crystals: CrystalSet) -> TargetSurvey | None:
    """Return the survey of the target, None where none was chosen."""
    target = crystals.target
    if target is None:
        return None
    return TargetSurvey(
        target.name,
        target.unit,
        target.task,
        target.declared.per,
        target.declared.transform,
        distribution(target.values),
        outliers(crystals.ids, target.values) if target.task == "regression" else None,
    )


def first_target(table: DatasetTable) -> tuple[str | None, list[str]]:
    """Return the default target, else the first one and a sentence that says so."""
    try:
        return default_target(table), []
    except DatasetError as error:
        if not table.targets:
            return None, [f"No target: {error}"]
    units = {name: declared.unit for name, declared in table.targets.items()}
    known = [name for name, unit in units.items() if unit != "?"]
    first = next(iter([*known, *units]))
    others = ", ".join(name for name in table.targets if name != first)
    return first, [f"No --target was named: this is {first}; others are {others}."]
