"""Sites that are written as several at one place, each partly occupied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ngn_core.crystal.crystal import FULL, Crystal, Species
from ngn_core.crystal.neighbors import neighbors_within

ONE_PLACE = 1.0e-2
"""Partly occupied sites nearer than this, Å, are one."""


def join_shared_sites(crystal: Crystal) -> Crystal:
    """Return a crystal whose partly occupied sites at one place are one shared site.

    The shared site lies where the first of them is, holds what all of them hold, and
    has the weighted mean of their columns. Sites that together hold more than 1 stay
    as they are.
    """
    if crystal.is_ordered:
        return crystal
    occupancy = crystal.occupancy
    partial = np.flatnonzero(occupancy < FULL)
    if len(partial) < 2:
        return crystal
    some = tuple(crystal.species[site] for site in partial)
    alone = Crystal(crystal.lattice, crystal.frac[partial], some)
    sender, receiver, _, _ = neighbors_within(alone, ONE_PLACE)
    first = np.arange(len(occupancy))
    np.minimum.at(first, partial[receiver], partial[sender])
    total = np.bincount(first, occupancy, minlength=len(first))
    is_one = (first[first] == first) & (total[first] <= 1 + 1e-6)
    first = np.where(is_one, first, np.arange(len(first)))
    kept = np.flatnonzero(first == np.arange(len(first)))
    if len(kept) == len(first):
        return crystal
    members = [np.flatnonzero(first == site) for site in kept]
    return replace(
        crystal,
        frac=crystal.frac[kept],
        species=tuple(_joined(crystal, sites) for sites in members),
        columns={
            name: np.array(
                [_mean(column[sites], occupancy[sites]) for sites in members]
            )
            for name, column in crystal.columns.items()
        },
    )


def _joined(crystal: Crystal, sites: np.ndarray) -> Species:
    weights: dict[int, float] = {}
    for site in sites:
        for number, weight in crystal.species[site]:
            weights[number] = weights.get(number, 0.0) + weight
    return tuple(sorted(weights.items()))


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the one value of a site; of several numbers the weighted mean."""
    one: np.ndarray = values[0]
    if len(values) > 1 and values.dtype.kind in "biuf":
        one = np.average(values, axis=0, weights=weights)
    return one
