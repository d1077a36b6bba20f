"""Predictions against targets."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ngn_core.experiment.facts import TestedCrystal
from ngn_core.report.plot import Axis, Plot, Series
from ngn_core.statistics.crystal_errors import CrystalError, worst
from ngn_core.summary.numbers import format_number, plural
from ngn_core.summary.worst_crystals import LISTED

MOST = 4000
"""Crystals of a spec that are drawn."""


def parity_plot(
    errors: Mapping[str, Sequence[CrystalError]],
    tested: Mapping[str, TestedCrystal],
    target: str,
    unit: str,
    colors: Mapping[str, int],
) -> Plot | None:
    """Return predictions against targets; None without predictions.

    Args:
        errors: on each test crystal, by spec.
        tested: what is known of the test crystals, by id.
        target: its name.
        unit: of it.
        colors: of the specs.
    """
    if not errors:
        return None
    drawn = {spec: _sample(own) for spec, own in errors.items()}
    series = tuple(
        Series(
            spec,
            "points",
            tuple(one.target for one in own),
            tuple(one.prediction for one in own),
            texts=tuple(_text(one, tested.get(one.id), unit) for one in own),
            color=colors[spec],
        )
        for spec, own in drawn.items()
    )
    extra = {spec: _columns(own, tested) for spec, own in drawn.items()}
    note = "A prediction is the mean over the trials that tested on the crystal."
    all_of = max(map(len, errors.values()))
    if all_of > MOST:
        kept = plural(max(map(len, drawn.values())), "crystal")
        note += f" Drawn are {kept} of {all_of:,}: evenly chosen, and the worst."
    return Plot(
        "parity",
        "Predictions against targets",
        Axis(target, unit),
        Axis(f"{target}, predicted", unit),
        series,
        note,
        diagonal=True,
        extra=extra,
    )


def _sample(errors: Sequence[CrystalError]) -> list[CrystalError]:
    """Return evenly chosen crystals, and the worst; all where there are few."""
    if len(errors) <= MOST:
        return list(errors)
    step = math.ceil(len(errors) / MOST)
    kept = {one.id for one in errors[::step]}
    kept |= {one.id for one in worst(errors, LISTED)}
    return [one for one in errors if one.id in kept]


def _text(one: CrystalError, known: TestedCrystal | None, unit: str) -> str:
    about = ""
    if known is not None:
        atoms = plural(known.atoms, "atom")
        about = f"\n{known.formula}, space group {_group(known)}, {atoms}"
    return (
        f"{one.id}{about}\ntarget {format_number(one.target)}, predicted "
        f"{format_number(one.prediction)}\nerror {format_number(one.error)} {unit}"
    )


def _columns(
    errors: Sequence[CrystalError], tested: Mapping[str, TestedCrystal]
) -> dict[str, tuple[str | float, ...]]:
    known = [tested.get(one.id) for one in errors]
    return {
        "id": tuple(one.id for one in errors),
        "error": tuple(one.error for one in errors),
        "formula": tuple("-" if one is None else one.formula for one in known),
        "space group": tuple("-" if one is None else _group(one) for one in known),
        "atoms": tuple("-" if one is None else one.atoms for one in known),
    }


def _group(known: TestedCrystal) -> str:
    return "-" if known.space_group is None else str(known.space_group)
