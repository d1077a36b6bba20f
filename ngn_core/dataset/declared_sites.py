"""The site columns of a declaration, checked against what the crystals hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ngn_core.dataset.dataset import DatasetTable, SiteColumn
from ngn_core.dataset.declaration import SiteOptions
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.plain_yaml import Path_, show
from ngn_core.spec.resolve import Resolver


def declared_sites(
    resolver: Resolver, values: Any, table: DatasetTable
) -> dict[str, SiteColumn]:
    """Return the site columns that are declared and there."""
    if not isinstance(values, Mapping):
        resolver.report(("sites",), show(values), "a mapping of site columns")
        return {}
    named = {}
    for name, written in values.items():
        path: Path_ = ("sites", name)
        options = resolver.model(SiteOptions, {} if written is None else written, path)
        if name not in table.sites:
            there = ", ".join(table.sites) or "(none)"
            resolver.report(
                path,
                f"the site column {name!r}",
                f"a column of the sites of {table.name}: one of {there}",
                did_you_mean(name, table.sites),
            )
        elif options is not None:
            flags = {key: getattr(options, key) for key in options.model_fields_set}
            named[name] = replace(table.sites[name], **flags)
    return named
