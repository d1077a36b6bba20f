"""What networks read, checked against what the data and the graph give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ngn_core.dataset.columns import numeric_columns
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.rows import ReadColumns
from ngn_core.errors import Problem, SpecError
from ngn_core.graph.build import GEOMETRY
from ngn_core.network.architecture import architecture_of
from ngn_core.network.needs import Need
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.spec import Spec

STATE = "state"
"""What a state embedding calls the column that `--state` names."""


def columns_read(specs: Sequence[Spec]) -> ReadColumns:
    """Return the columns of the data that the networks of specs read."""
    needs = [need for spec in specs for need in architecture_of(spec).needs]
    return ReadColumns(
        frozenset(need.column for need in needs if _is_of_sites(need)),
        frozenset(need.column for need in needs if _is_of_crystals(need)),
    )


def check_columns(
    specs: Sequence[Spec],
    table: DatasetTable,
    target: str | None = None,
    has_state: bool = True,
) -> ReadColumns:
    """Return the columns of a dataset that the networks of specs read: all are there.

    Args:
        specs: their needs are joined.
        table: the dataset.
        target: what is predicted; no network may read it.
        has_state: whether something gives the state.

    Raises:
        SpecError: for every column that a network reads and the dataset lacks, and for
            directional ones under a quotient.
    """
    numbers = _numbers(table) if columns_read(specs).crystals else {}
    problems: list[Problem] = []
    for spec in specs:
        for need in architecture_of(spec).needs:
            if _is_of_sites(need):
                problems += _site_problems(spec, need, table)
            elif _is_of_crystals(need):
                problems += _crystal_problems(spec, need, table, numbers, target)
            elif need.level == "state" and need.column == STATE and not has_state:
                expected = "--state COLUMN, which gives the state"
                problems.append(_problem(spec, need, expected))
    if problems:
        raise SpecError(problems)
    return columns_read(specs)


def graph_problems(
    spec: Spec, needs: Iterable[Need], gives: Mapping[str, str]
) -> list[Problem]:
    """Return what networks read of edges, angles and torsions and no graph gives.

    Args:
        spec: whose network it is.
        needs: what it reads.
        gives: edge columns of the graph constructor, with their units.
    """
    problems = []
    for need in needs:
        if need.level in ("node", "state"):
            continue
        there = dict(GEOMETRY[need.level])
        if need.level == "edge":
            there |= gives
        if need.column not in there:
            given = f"by edges: {spec.graph.edges.name}" if need.level == "edge" else ""
            problems.append(_absent(spec, need, f"{need.level} column", there, given))
    return problems


def check_disorder(specs: Sequence[Spec], crystals: CrystalSet) -> None:
    """Check that nothing but embeddings reads atomic numbers of disordered crystals.

    Raises:
        SpecError: naming the components that do.
    """
    disordered = [
        name
        for name, crystal in zip(crystals.ids, crystals.crystals, strict=True)
        if not crystal.is_ordered
    ]
    if not disordered:
        return
    expected = (
        "crystals with one element a site: an embedding is averaged over the elements "
        f"of a site, a message function is not; {len(disordered)} crystals have "
        f"disordered sites, {disordered[0]} first: leave them out with --on-disorder "
        "skip"
    )
    problems = [
        _problem(spec, need, expected)
        for spec in specs
        for need in architecture_of(spec).needs
        if need.level == "node" and need.column == "atomic_number" and not need.embeds
    ]
    if problems:
        raise SpecError(problems)


def _is_of_sites(need: Need) -> bool:
    return need.level == "node" and need.column not in GEOMETRY["node"]


def _is_of_crystals(need: Need) -> bool:
    return need.level == "state" and need.column not in (STATE, "atoms")


def _site_problems(spec: Spec, need: Need, table: DatasetTable) -> list[Problem]:
    there = {name: column.unit for name, column in table.sites.items()}
    if need.column not in there:
        given = f"in {table.name}"
        known = {**GEOMETRY["node"], **there}
        return [_absent(spec, need, "site column", known, given)]
    symmetry = spec.graph.options.symmetry
    if table.sites[need.column].directional and symmetry != "none":
        expected = (
            f"`none`: the site column {need.column!r}, which {need.component} reads "
            f"({need.key}), has a direction, which differs between symmetry-equivalent "
            "atoms, so that one cannot stand for the others"
        )
        return [spec.problem("graph.symmetry", repr(symmetry), expected)]
    return []


def _crystal_problems(
    spec: Spec,
    need: Need,
    table: DatasetTable,
    numeric: Mapping[str, str],
    target: str | None,
) -> list[Problem]:
    if need.column not in numeric:
        what = "column of numbers"
        return [_absent(spec, need, what, numeric, f"in {table.name}")]
    if target is not None and need.column == _column_of(target, table):
        return [_problem(spec, need, "another column; this one is the target")]
    return []


def _column_of(target: str, table: DatasetTable) -> str:
    declared = table.targets.get(target)
    return target if declared is None else declared.column or target


def _numbers(table: DatasetTable) -> dict[str, str]:
    return {
        column: table.targets[column].unit if column in table.targets else "?"
        for column in numeric_columns(table)
    }


def _absent(
    spec: Spec, need: Need, what: str, there: Mapping[str, str], given: str
) -> Problem:
    listed = ", ".join(
        f"{name} ({unit})" if unit else name for name, unit in there.items()
    )
    article = "an" if what[0] in "ae" else "a"
    expected = " ".join(filter(None, (f"{article} {what} that is there", given)))
    hint = did_you_mean(need.column, there)
    remedy = "" if hint is None else f". {hint}"
    return _problem(spec, need, f"{expected}: {listed or 'none'}{remedy}")


def _problem(spec: Spec, need: Need, expected: str) -> Problem:
    level = {"node": "site", "state": "crystal"}.get(need.level, need.level)
    found = f"{need.component}, which reads the {level} column {need.column!r}"
    return spec.problem(need.key, found, expected)
