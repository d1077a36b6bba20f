"""A table as its declaration has it: targets, rows that are meant, groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.declaration import (
    KEYS,
    DeclarationFlags,
    laid_over,
    read_declaration,
)
from ngn_core.dataset.declared_sites import declared_sites
from ngn_core.dataset.declared_targets import check_column, declared_targets
from ngn_core.dataset.grouping import NAMES
from ngn_core.dataset.matbench_targets import recognize_matbench
from ngn_core.dataset.open import default_target, open_dataset
from ngn_core.dataset.row_filter import (
    filtered,
    left_out,
    read_conditions,
    unsure_left_out,
)
from ngn_core.errors import DatasetError, Problem
from ngn_core.plugin.registry import Registry
from ngn_core.spec.document import Document
from ngn_core.spec.resolve import Resolver


def open_declared(
    source: str,
    registry: Registry,
    flags: DeclarationFlags,
    targets: Sequence[str] = (),
) -> DatasetTable:
    """Return the table of a source as `dataset.yaml` and the command line have it.

    Args:
        source: what `--dataset` names.
        registry: for the dataset plugins.
        flags: by the command line.
        targets: what the flags speak of; none: the default target.

    Raises:
        DatasetError: where nothing opens it; with every problem of the declaration.
    """
    return declared(open_dataset(source, registry), source, flags, targets)


def declared(
    table: DatasetTable,
    source: str | None,
    flags: DeclarationFlags,
    targets: Sequence[str] = (),
) -> DatasetTable:
    """Return a table as its declaration has it.

    Raises:
        DatasetError: with every problem of the declaration.
    """
    table = recognize_matbench(table)
    document = read_declaration(source, flags)
    if any(flags.of_targets()) and not targets:
        targets = (_default(table, document),)
    return _applied(table, laid_over(document, flags, targets), flags.all_rows)


def _default(table: DatasetTable, document: Document) -> str:
    written = document.data.get("targets")
    if not written:
        return default_target(table)
    return next(iter(written)) if isinstance(written, Mapping) else str(written)


def _applied(table: DatasetTable, document: Document, all_rows: bool) -> DatasetTable:
    """Return the table with its targets, rows and groups.

    A declaration chooses no components, so that its registry is empty.
    """
    resolver = Resolver(Registry({}), document, list(document.problems))
    section = resolver.section(document.data, (), (), KEYS) or {}
    conditions = read_conditions(resolver, section.get("where", {}))
    asked = {condition.column for condition in conditions}
    clean = {} if all_rows else {k: v for k, v in table.clean.items() if k not in asked}
    unsure = read_conditions(resolver, clean)
    sure = replace(table, rows=filtered(table, unsure, resolver))
    rows = filtered(sure, conditions, resolver)
    named = declared_targets(resolver, section.get("targets", {}), table)
    group = section.get("group", table.group)
    if group is not None and "group" in section and group not in NAMES:
        check_column(resolver, ("group",), group, table)
    sites = {**table.sites, **declared_sites(resolver, section.get("sites", {}), table)}
    if resolver.problems:
        problems = sorted(resolver.problems, key=_order)
        raise DatasetError("\n".join(map(str, problems)))
    notes = [] if table.note is None else [table.note]
    if unsure:
        notes.append(unsure_left_out(unsure, len(table.rows), len(sure.rows)))
    if conditions:
        notes.append(left_out(conditions, len(sure.rows), len(rows)))
    return replace(
        table,
        rows=rows,
        targets={**table.targets, **named},
        note=" ".join(notes) or None,
        default=next(iter(named), table.default),
        group=group,
        sites=sites,
    )


def _order(problem: Problem) -> tuple[bool, int]:
    """Return the place in the order by line, flags last."""
    return problem.line is None, problem.line or 0
