"""Errors by element, by crystal system and by number of atoms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ngn_core.report.plot import Axis, Kind, Plot, Series
from ngn_core.summary.error_by import ErrorGroup
from ngn_core.summary.numbers import format_number, plural


@dataclass(frozen=True)
class _Way:
    """One way to group crystals."""

    name: str
    title: str
    across: str
    by: str
    kind: Kind
    note: str = ""


_WAYS = (
    _Way(
        "error_by_element",
        "Error by element",
        "element",
        "element",
        "points",
        "A crystal counts for each of its elements.",
    ),
    _Way(
        "error_by_system",
        "Error by crystal system",
        "crystal system (crystals)",
        "system",
        "bars",
    ),
    _Way(
        "error_by_size",
        "Error by number of atoms",
        "atoms in the cell as given (crystals)",
        "size",
        "bars",
    ),
)


def error_plots(
    groups: Mapping[str, Sequence[ErrorGroup]],
    specs: Sequence[str],
    unit: str,
    colors: Mapping[str, int],
) -> list[Plot]:
    """Return one figure for each way to group crystals of which enough is known.

    Args:
        groups: by what their crystals share.
        specs: in the order of the legend.
        unit: of the errors.
        colors: of the specs.
    """
    return [
        _plot(way, groups[way.by], specs, unit, colors)
        for way in _WAYS
        if groups[way.by]
    ]


def _plot(
    way: _Way,
    groups: Sequence[ErrorGroup],
    specs: Sequence[str],
    unit: str,
    colors: Mapping[str, int],
) -> Plot:
    names = {group.name: _name(way, group) for group in groups}
    series, extra = [], {}
    for spec in specs:
        own = [group for group in groups if spec in group.errors]
        if not own:
            continue
        series.append(
            Series(
                spec,
                way.kind,
                tuple(names[group.name] for group in own),
                tuple(group.errors[spec] for group in own),
                texts=tuple(
                    f"{group.name}: {format_number(group.errors[spec])} {unit}\n"
                    f"{plural(group.crystals, 'crystal')}"
                    for group in own
                ),
                color=colors[spec],
            )
        )
        extra[spec] = {"crystals": tuple(group.crystals for group in own)}
    return Plot(
        way.name,
        way.title,
        Axis(way.across, words=tuple(names.values())),
        Axis("mean |target - prediction|", unit),
        tuple(series),
        way.note,
        extra=extra,
    )


def _name(way: _Way, group: ErrorGroup) -> str:
    """Return a group's name, with its number of crystals where there is room."""
    return group.name if way.kind == "points" else f"{group.name} ({group.crystals:,})"
