"""Which columns of a JSON row belong to its sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

import ngn_core.api as ngn


def json_sites(records: Iterable[Mapping[str, Any]]) -> dict[str, ngn.SiteColumn]:
    """Return the site columns of rows, by name.

    A column is one where every row that has a list in it has a number, or as many
    numbers, for each of its sites.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    others: set[str] = set()
    for record in records:
        for name, shape in _shapes(record):
            if shape is None:
                others.add(name)
            else:
                shapes[name] = shape
    return ngn.site_columns(
        {name: shape for name, shape in shapes.items() if name not in others}
    )


def _shapes(record: Mapping[str, Any]) -> list[tuple[str, tuple[int, ...] | None]]:
    """Return the shape of what a site has, by column; None of columns of no sites."""
    structure = record.get("structure")
    if isinstance(structure, Mapping):
        return _of_structure(structure)
    species = record.get("species")
    if not isinstance(species, list):
        return []
    found = []
    for name, values in record.items():
        if isinstance(values, list) and name not in ("lattice", "species", "frac"):
            given = [value for value in values if value is not None]
            if given or len(values) != len(species):
                sites = len(given) if len(values) == len(species) else len(species)
                found.append((name, _shape(given, sites)))
    return found


def _of_structure(
    structure: Mapping[str, Any],
) -> list[tuple[str, tuple[int, ...] | None]]:
    sites = structure.get("sites")
    first = sites[0] if isinstance(sites, list) and sites else None
    if not isinstance(first, Mapping):
        return []
    properties = first.get("properties") or {}
    found = [(name, _shape([value], 1)) for name, value in properties.items()]
    species = first.get("species") or [{}]
    if all("oxidation_state" in specie for specie in species):
        found.append(("oxidation_state", ()))
    return found


def site_list(values: Any, sites: int) -> np.ndarray | None:
    """Return a list with one entry for each of so many sites; None for all else."""
    if not isinstance(values, list) or len(values) != sites:
        return None
    try:
        return np.asarray(values)
    except ValueError:  # some of its entries are lists, not all of one length
        return None


def _shape(values: list[Any], sites: int) -> tuple[int, ...] | None:
    column = site_list(values, sites)
    numeric = column is not None and column.dtype.kind in "biuf"
    return column.shape[1:] if column is not None and numeric else None
