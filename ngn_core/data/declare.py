"""A table as its declaration has it: targets, rows that are meant, groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ngn_core.data.declaration import (
    KEYS,
    Said,
    laid_over,
    read_declaration,
)
from ngn_core.data.declared_sites import declared_sites
from ngn_core.data.declared_targets import check_column, declared_targets
from ngn_core.data.grouping import NAMES
from ngn_core.data.open import default_target, open_dataset
from ngn_core.data.row_filter import (
    filtered,
    left_out,
    read_conditions,
)
from ngn_core.errors import DatasetError, Problem
from ngn_core.plugin.interfaces.dataset import Table
from ngn_core.plugin.registry import Registry
from ngn_core.spec.document import Document
from ngn_core.spec.resolve import Resolver


def open_declared(
    source: str, registry: Registry, said: Said, targets: Sequence[str] = ()
) -> Table:
    """Return the table of a source as `dataset.yaml` and the command line have it.

    Args:
        source: what `--dataset` names.
        registry: for the dataset plugins.
        said: by the command line.
        targets: what the flags speak of; none: the default target.

    Raises:
        DatasetError: where nothing opens it; with every problem of the declaration.
    """
    return declared(open_dataset(source, registry), source, said, targets)


def declared(
    table: Table, source: str | None, said: Said, targets: Sequence[str] = ()
) -> Table:
    """Return a table as its declaration has it.

    Raises:
        DatasetError: with every problem of the declaration.
    """
    document = read_declaration(source, said)
    if any(said.of_targets()) and not targets:
        targets = (_default(table, document),)
    return _applied(table, laid_over(document, said, targets))


def _default(table: Table, document: Document) -> str:
    written = document.data.get("targets")
    if not written:
        return default_target(table)
    return next(iter(written)) if isinstance(written, Mapping) else str(written)


def _applied(table: Table, document: Document) -> Table:
    """Return the table with its targets, rows and groups.

    A declaration chooses no components, so that its registry is empty.
    """
    resolver = Resolver(Registry({}), document, list(document.problems))
    section = resolver.section(document.data, (), (), KEYS) or {}
    conditions = read_conditions(resolver, section.get("where", {}))
    rows = filtered(table, conditions, resolver)
    named = declared_targets(resolver, section.get("targets", {}), table)
    group = section.get("group", table.group)
    if group is not None and "group" in section and group not in NAMES:
        check_column(resolver, ("group",), group, table)
    sites = {**table.sites, **declared_sites(resolver, section.get("sites", {}), table)}
    if resolver.problems:
        problems = sorted(resolver.problems, key=_order)
        raise DatasetError("\n".join(map(str, problems)))
    note = table.note
    if conditions:
        sentence = left_out(conditions, len(table.rows), len(rows))
        note = sentence if note is None else f"{note} {sentence}"
    return replace(
        table,
        rows=rows,
        targets={**table.targets, **named},
        note=note,
        default=next(iter(named), table.default),
        group=group,
        sites=sites,
    )


def _order(problem: Problem) -> tuple[bool, int]:
    """Return the place in the order by line, flags last."""
    return problem.line is None, problem.line or 0
