"""What `ngn check` found, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from rich.console import Console

from ngn_core.checks.law_report import CaughtMutation, LawReport
from ngn_core.report.console import page, plain
from ngn_core.report.formats.json_file import as_json
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.costs import SIZES
from ngn_core.summary.typed_table import TableColumn, TypedTable

_LISTED = 20


def print_check(found: LawReport) -> None:
    """Print the verdict on every law, the sizes of graphs, and what was left out."""
    console = page()
    heading = (
        f"{found.spec} on {found.dataset}: {found.crystals} crystals, random weights "
        f"of seed {found.seed}, standard deviation of outputs {found.spread:.3g}, "
        f"tolerance {found.tolerance:g}"
    )
    console.print(plain(heading, "bold"))
    print_table(console, laws_table(found))
    print_table(console, sizes_table(found))
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
    return as_json(data, indent=2)


def laws_table(found: LawReport) -> TypedTable:
    """Return the verdict on every law."""
    told: set[str] = set()
    rows = []
    for line in found.lines:
        note = "as above" if line.note in told else line.note
        told |= {line.note} - {""}
        about = (line.law, line.what, line.deviation, line.crystals)
        rows.append((*about, line.verdict, note))
    return TypedTable(
        "laws",
        "",
        (
            TableColumn("law", "law"),
            TableColumn("of", "of"),
            TableColumn("deviation", "deviation", kind="power"),
            TableColumn("crystals", "crystals", kind="count"),
            TableColumn("verdict", "verdict", kind="verdict"),
            TableColumn("note", "note"),
        ),
        (tuple(rows),),
    )


def sizes_table(found: LawReport) -> TypedTable:
    """Return the mean sizes of graphs, by setting."""
    levels = [
        (level, title)
        for level, title, _ in SIZES
        if any(level in sizes for sizes in found.sizes.values())
    ]
    rows = tuple(
        (setting, *(sizes.get(level) for level, _ in levels))
        for setting, sizes in found.sizes.items()
    )
    columns = (TableColumn(title, title, kind="quantity") for _, title in levels)
    first = TableColumn("setting", "mean of a crystal")
    return TypedTable("sizes", "", (first, *columns), (rows,))


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
