"""The tables of one crystal's graph as text, the same for terminal and HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ngn_core.spec.plain_yaml import show
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.inspection.inspection import Cell, InspectedSymmetry, Inspection, Site

SHELLS = 12
"""Shells of an atom that are shown; the rest is counted."""

NODES = 20
"""Kept nodes that are shown; the rest is counted."""

_TERMS = 4
"""Longest sum of multiplicities that is written out."""

_NOISE = 1.0e-8
"""Shifts (Å) and strains below this are rounding."""


def heading(found: Inspection) -> str:
    """Return formula and space group."""
    group = found.space_group
    if group.number is None:
        return found.formula
    return f"{found.formula}, space group {group.number} ({group.symbol})"


def facts(found: Inspection) -> list[tuple[str, str]]:
    """Return what is said of the crystal, each with its name."""
    group = found.space_group
    options = ", ".join(
        f"{key} {show(value)}"
        for key, value in found.edges.items()
        if key != "use" and value is not None
    )
    said = [
        ("crystal", found.name),
        ("given cell", cell_text(found.given)),
        ("cell used", f"{found.cell_rule}: {cell_text(found.cell)}"),
        ("space group", _space_group(group)),
        ("idealizing", _idealizing(group)),
        ("edges", f"{found.edges['use']} ({options}), spec {found.spec}"),
    ]
    return said + [("remark", remark) for remark in found.remarks]


def _space_group(group: InspectedSymmetry) -> str:
    if group.number is None:
        return f"not sought; symprec {group.symprec:g} Å for the cell"
    angle = group.angle_tolerance
    tolerance = f"{angle:g}°" if angle >= 0 else "the finder's own"
    return (
        f"{group.number} ({group.symbol}); symprec {group.symprec:g} Å, angle "
        f"tolerance {tolerance}, {group.finder or 'no finder'}"
    )


def _idealizing(group: InspectedSymmetry) -> str:
    if group.finder is None:
        return "not done"
    return (
        f"moves atoms by up to {_small(group.shift)} Å, strains the lattice by up to "
        f"{_small(group.strain)}"
    )


def cell_text(cell: Cell) -> str:
    """Return atoms, lengths, angles and volume of a cell in a line."""
    lengths = " ".join(f"{length:.4f}" for length in cell.lengths)
    angles = " ".join(f"{angle:.2f}" for angle in cell.angles)
    atoms = _many(cell.atoms, "atom")
    return f"{atoms}, {lengths} Å, {angles}°, {cell.volume:.2f} Å^3"


def graph_tables(found: Inspection, nodes: int = NODES) -> list[TypedTable]:
    """Return sizes, kept nodes and neighbor shells.

    Args:
        found: the inspection.
        nodes: how many kept nodes are shown.
    """
    return [_sizes(found), _nodes(found, nodes), _shells(found, nodes)]


def site_name(sites: Sequence[Site], place: int) -> str:
    """Return how tables and picture name a kept node: `Na 1`."""
    return f"{sites[place].element} {place + 1}"


def _sizes(found: Inspection) -> TypedTable:
    columns = [TableColumn("level", "level")]
    for symmetry in found.sizes:
        own = " (spec)" if symmetry == found.symmetry else ""
        columns.append(TableColumn(symmetry, f"{symmetry}{own}", kind="count"))
        if symmetry != "none":
            columns.append(TableColumn(f"{symmetry}_fewer", "fewer", kind="fewer"))
    rows = []
    for level in found.sizes["none"]:
        cells: list[str | float | None] = [f"{level}s"]
        for symmetry, sizes in found.sizes.items():
            cells.append(sizes[level])
            if symmetry != "none":
                cells.append(found.reduction[symmetry].get(level))
        rows.append(tuple(cells))
    note = " ".join(f"No {name} here: {why}." for name, why in found.refused.items())
    title = "Sizes per cell used"
    return TypedTable("sizes", title, tuple(columns), (tuple(rows),), note)


def _nodes(found: Inspection, limit: int) -> TypedTable:
    sites = found.sites
    rows = tuple(
        (
            site_name(sites, place),
            site.multiplicity,
            site.coordination,
            len(site.shells),
        )
        for place, site in enumerate(sites[:limit])
    )
    numbers = ("multiplicity", "coordination", "shells")
    return TypedTable(
        "nodes",
        f"Kept nodes under {found.kept}",
        (
            TableColumn("node", "node"),
            *(TableColumn(n, n, kind="count") for n in numbers),
        ),
        (rows,),
        _rest(sites, limit),
    )


def _shells(found: Inspection, limit: int) -> TypedTable:
    groups = []
    for place, site in enumerate(found.sites[:limit]):
        name = site_name(found.sites, place)
        rows: list[Row] = []
        for shell in site.shells[:SHELLS]:
            pair = f"{site.element}-{shell.element}"
            sums = multiplicities(shell.multiplicities)
            rows.append((name, pair, shell.distance, shell.count, sums))
            name = ""
        rest = site.shells[SHELLS:]
        if rest:
            count = sum(shell.count for shell in rest)
            more = f"{_many(len(rest), 'shell')} more"
            farther = f"> {site.shells[SHELLS - 1].distance:.4f}"
            rows.append(("", more, farther, count, ""))
        groups.append(tuple(rows))
    return TypedTable(
        "shells",
        "Neighbor shells",
        (
            TableColumn("node", "node"),
            TableColumn("pair", "pair"),
            TableColumn("distance", "distance Å", kind="length"),
            TableColumn("count", "count", kind="count"),
            TableColumn("multiplicity", "multiplicity", kind="count"),
        ),
        tuple(groups),
        _rest(found.sites, limit),
    )


def multiplicities(values: Sequence[int]) -> str:
    """Return multiplicities as a sum: `12`, `4 + 2`; `30 of 1` where it is long."""
    if len(values) <= _TERMS:
        return " + ".join(map(str, values))
    return ", ".join(f"{count} of {value}" for value, count in Counter(values).items())


def _rest(sites: Sequence[Site], limit: int) -> str:
    left = len(sites) - limit
    return f"and {_many(left, 'node')} more; --json has them all" if left > 0 else ""


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _small(value: float) -> str:
    return f"{value:.2g}" if value >= _NOISE else f"{_NOISE:g}"
