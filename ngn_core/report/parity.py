"""What `ngn parity` found, as tables and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ngn_core.report.console import page, plain
from ngn_core.report.formats.json_file import as_json
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.numbers import plural
from ngn_core.summary.typed_table import Marked, Row, TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.checks.parity_found import Parity

_LISTED = 5
"""Unused arrays that a terminal shows."""


def print_parity(found: Parity) -> None:
    """Print the deviation of each case and key, and of each activation."""
    console = page()
    heading = (
        f"{found.spec} with the weights of {found.folder}: "
        f"{plural(len(found.cases), 'case')}, {found.dtype}, "
        f"tolerance {found.tolerance:g}"
    )
    console.print(plain(heading, "bold"))
    print_table(console, cases_table(found))
    if any(case.activations for case in found.cases):
        print_table(console, activations_table(found))
    if any(case.own for case in found.cases):
        print_table(console, graphs_table(found))
    if found.unseen:
        console.print(plain(f"activations not mapped: {', '.join(found.unseen)}"))
    if found.left_out:
        names = ", ".join(found.left_out)
        console.print(plain(f"not compared, for their edges are not listed: {names}"))
    for name, why in list(found.unused.items())[:_LISTED]:
        console.print(plain(f"array not in the network: {name}: {why}"))
    if len(found.unused) > _LISTED:
        more = len(found.unused) - _LISTED
        console.print(plain(f"and {more} more, for such reasons; --json lists all"))
    worst = ", ".join(f"{key} {value:.1e}" for key, value in found.worst.items())
    console.print(plain(f"largest deviation: {worst}"))
    if found.own_worst:
        worst = ", ".join(
            f"{key} {value:.1e}" for key, value in found.own_worst.items()
        )
        console.print(plain(f"largest deviation on own graphs: {worst}"))
    verdict = "agrees" if found.passed else "FAILED"
    console.print(plain(verdict, "bold green" if found.passed else "bold red"))


def parity_as_json(found: Parity) -> str:
    """Return the same as JSON; numbers that are not finite are null."""
    data = {"passed": found.passed, "worst": dict(found.worst), **asdict(found)}
    return as_json(data, indent=2)


def cases_table(found: Parity) -> TypedTable:
    """Return the largest deviation of each case and key."""
    keys = list(found.worst)
    rows: list[Row] = []
    for case in found.cases:
        numbers = {number.key: number.deviation for number in case.outputs}
        apart = (_deviation(numbers.get(key), found.tolerance) for key in keys)
        rows.append((case.id, case.nodes, case.edges, *apart))
    return TypedTable(
        "cases",
        "",
        (
            TableColumn("case", "case"),
            TableColumn("nodes", "nodes", kind="count"),
            TableColumn("edges", "edges", kind="count"),
            *(TableColumn(key, key, kind="power") for key in keys),
        ),
        (tuple(rows),),
    )


def activations_table(found: Parity) -> TypedTable:
    """Return the largest deviation of each activation over the cases."""
    worst: dict[str, tuple[float, str]] = {}
    problems: dict[str, str] = {}
    for case in found.cases:
        for one in case.activations:
            if one.deviation is None:
                problems.setdefault(one.name, f"{case.id}: {one.problem}")
            elif one.deviation >= worst.get(one.name, (-1.0, ""))[0]:
                worst[one.name] = (one.deviation, case.id)
    rows: list[Row] = [
        (name, _deviation(deviation, found.tolerance), where)
        for name, (deviation, where) in worst.items()
    ]
    rows += [(name, None, problem) for name, problem in problems.items()]
    return TypedTable(
        "activations",
        "",
        (
            TableColumn("activation", "activation"),
            TableColumn("deviation", "deviation", kind="power"),
            TableColumn("where", "largest in"),
        ),
        (tuple(rows),),
    )


def graphs_table(found: Parity) -> TypedTable:
    """Return the spec's own graphs beside the reference's."""
    rows = []
    for case in found.cases:
        numbers = [number.deviation for number in case.own_outputs]
        for own in case.own:
            told = numbers and own is case.own[0]
            cells = (
                case.id,
                own.name,
                own.edges,
                own.reference,
                own.apart,
                own.same,
                max(numbers) if told else None,
                own.problem or own.doubt,
            )
            rows.append(
                tuple(Marked(cell, "" if own.passed else "!") for cell in cells)
            )
    return TypedTable(
        "own_graphs",
        "",
        (
            TableColumn("case", "own graph of"),
            TableColumn("graph", "as"),
            TableColumn("edges", "edges", kind="count"),
            TableColumn("reference", "reference", kind="count"),
            TableColumn("lengths", "lengths, Å", kind="power"),
            TableColumn("same", "same edges"),
            TableColumn("output", "output", kind="power"),
            TableColumn("why", ""),
        ),
        (tuple(rows),),
    )


def _deviation(value: float | None, tolerance: float) -> Marked:
    """Return a deviation that stands out where it is beyond the tolerance."""
    return Marked(value, "" if value is None or value <= tolerance else "!")
