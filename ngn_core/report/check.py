"""What `ngn check` found, as tables and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from ngn_core.checks.law_report import CaughtMutation, LawLine, LawReport
from ngn_core.report.costs import SIZES
from ngn_core.report.numbers import shown
from ngn_core.report.page import page, plain

_LISTED = 20
_STYLE = {"holds": "green", "broken": "bold red", "exempt": "yellow", "reported": ""}


def print_check(found: LawReport) -> None:
    """Print the verdict on every law, the sizes of graphs, and what was left out."""
    console = page()
    heading = (
        f"{found.spec} on {found.dataset}: {found.crystals} crystals, random weights "
        f"of seed {found.seed}, standard deviation of outputs {found.spread:.3g}, "
        f"tolerance {found.tolerance:g}"
    )
    console.print(plain(heading, "bold"))
    console.print(_laws(found))
    console.print(_sizes(found))
    _print_listed(
        console, "changes when a crystal is only written another way", found.changed
    )
    share = f"{len(found.changed)} of {found.crystals} crystals ({found.share:.1%})"
    bar = f"change when written another way; at most {found.bar:.0%}"
    console.print(plain(f"{share} {bar}"))
    _print_listed(console, "beyond the limits of symmetry", found.without_symmetry)
    _print_listed(console, "no graph", found.unbuilt)
    for caught in found.caught:
        console.print(plain(_sentence(caught), "" if caught.passed else "bold red"))
    for problem in found.problems:
        console.print(plain(problem, "bold red"))
    exempt = any(line.verdict == "exempt" for line in found.lines)
    holds = "all laws hold" + exempt * " that the spec is not exempt from"
    verdict = holds if found.passed else "FAILED"
    console.print(plain(verdict, "bold green" if found.passed else "bold red"))


def check_as_json(found: LawReport) -> str:
    """Return the same as JSON; numbers that are not finite are null."""
    data = {"passed": found.passed, "share": found.share, **asdict(found)}
    return json.dumps(_finite(data), indent=2, ensure_ascii=False)


def _laws(found: LawReport) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for title in ("law", "of", "deviation", "crystals", "verdict", "note"):
        number = title in ("deviation", "crystals")
        table.add_column(
            title,
            justify="right" if number else "left",
            no_wrap=title not in ("law", "note"),
            overflow="fold",
        )
    told: set[str] = set()
    for line in found.lines:
        note = "as above" if line.note in told else line.note
        told |= {line.note} - {""}
        cells = [line.law, line.what, _deviation(line), str(line.crystals)]
        table.add_row(
            *map(plain, cells),
            plain(line.verdict, _STYLE[line.verdict]),
            plain(note),
        )
    return table


def _deviation(line: LawLine) -> str:
    return "-" if line.deviation is None else f"{line.deviation:.1e}"


def _sizes(found: LawReport) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("mean of a crystal")
    levels = [
        (level, title)
        for level, title in SIZES
        if any(level in sizes for sizes in found.sizes.values())
    ]
    for _, title in levels:
        table.add_column(title, justify="right")
    for setting, sizes in found.sizes.items():
        table.add_row(
            plain(setting), *(shown(sizes.get(level), 3) for level, _ in levels)
        )
    return table


def _sentence(caught: CaughtMutation) -> str:
    """Return what became of a corruption."""
    if caught.laws:
        laws = ", ".join(
            law if deviation is None else f"{law} {deviation:.1e}"
            for law, deviation in caught.laws.items()
        )
        return f"self-test: {caught.corruption}: caught by {laws}"
    if caught.immaterial:
        return (
            f"self-test: {caught.corruption}: cannot matter on these graphs, where "
            "every edge has its way back as often"
        )
    return f"self-test: {caught.corruption}: NOT CAUGHT"


def _print_listed(console: Console, what: str, sentences: Mapping[str, str]) -> None:
    if not sentences:
        return
    console.print(plain(f"{what}: {len(sentences)} crystals"))
    for name, sentence in list(sentences.items())[:_LISTED]:
        console.print(plain(f"  {name}: {sentence}"))
    if len(sentences) > _LISTED:
        console.print(plain(f"  and {len(sentences) - _LISTED} more; --json lists all"))


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data
