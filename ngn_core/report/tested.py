"""What is known of a test crystal, as text."""

from __future__ import annotations

from ngn_core.summary.comparison import Table


def about(table: Table, name: str) -> tuple[str, str, str]:
    """Return formula, space group and atoms of a crystal; `-` where nobody knows."""
    found = table.tested.get(name)
    if found is None:
        return "-", "-", "-"
    group = "-" if found.space_group is None else str(found.space_group)
    return found.formula, group, str(found.atoms)
