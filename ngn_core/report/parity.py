"""What `ngn parity` found, as tables and as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

from rich.box import SIMPLE_HEAD
from rich.table import Table

from ngn_core.checks.parity_found import Parity
from ngn_core.report.numbers import counted
from ngn_core.report.page import page, plain

_LISTED = 5
"""Unused arrays that a terminal shows."""


def print_parity(found: Parity) -> None:
    """Print the deviation of each case and key, and of each activation."""
    console = page()
    heading = (
        f"{found.spec} with the weights of {found.folder}: "
        f"{counted(len(found.cases), 'case')}, {found.dtype}, "
        f"tolerance {found.tolerance:g}"
    )
    console.print(plain(heading, "bold"))
    console.print(_cases(found))
    if any(case.activations for case in found.cases):
        console.print(_activations(found))
    if any(case.own for case in found.cases):
        console.print(_graphs(found))
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
    return json.dumps(_finite(data), indent=2, ensure_ascii=False)


def _cases(found: Parity) -> Table:
    keys = list(found.worst)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("case")
    for title in ("nodes", "edges", *keys):
        table.add_column(title, justify="right", overflow="fold")
    for case in found.cases:
        numbers = {number.key: number.deviation for number in case.outputs}
        cells = [plain(case.id), plain(str(case.nodes)), plain(str(case.edges))]
        for key in keys:
            deviation = numbers.get(key)
            cells.append(plain(_shown(deviation), _style(deviation, found.tolerance)))
        table.add_row(*cells)
    return table


def _activations(found: Parity) -> Table:
    """Return the largest deviation of each activation over the cases."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("activation")
    table.add_column("deviation", justify="right")
    table.add_column("largest in")
    worst: dict[str, tuple[float, str]] = {}
    problems: dict[str, str] = {}
    for case in found.cases:
        for one in case.activations:
            if one.deviation is None:
                problems.setdefault(one.name, f"{case.id}: {one.problem}")
            elif one.deviation >= worst.get(one.name, (-1.0, ""))[0]:
                worst[one.name] = (one.deviation, case.id)
    for name, (deviation, where) in worst.items():
        style = _style(deviation, found.tolerance)
        table.add_row(plain(name), plain(_shown(deviation), style), plain(where))
    for name, problem in problems.items():
        table.add_row(plain(name), plain("-"), plain(problem))
    return table


def _graphs(found: Parity) -> Table:
    """Return the spec's own graphs beside the reference's."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("own graph of")
    table.add_column("as")
    for title in ("edges", "reference", "lengths, Å"):
        table.add_column(title, justify="right")
    table.add_column("same edges")
    table.add_column("output", justify="right")
    table.add_column("", overflow="fold")
    for case in found.cases:
        numbers = [number.deviation for number in case.own_outputs]
        for own in case.own:
            told = numbers and own is case.own[0]
            cells = [
                case.id,
                own.name,
                str(own.edges),
                str(own.reference),
                _shown(own.apart),
                {True: "yes", False: "no", None: "-"}[own.same],
                _shown(max(numbers)) if told else "-",
                own.problem or own.doubt,
            ]
            style = "" if own.passed else "bold red"
            table.add_row(*(plain(cell, style) for cell in cells))
    return table


def _shown(deviation: float | None) -> str:
    return "-" if deviation is None else f"{deviation:.1e}"


def _style(deviation: float | None, tolerance: float) -> str:
    return "" if deviation is None or deviation <= tolerance else "bold red"


def _finite(data: object) -> object:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data
