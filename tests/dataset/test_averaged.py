"""The sentence on disordered crystals that are kept."""

from __future__ import annotations

import numpy as np
import pytest

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.averaged import averaged_remarks
from ngn_core.dataset.crystal_set import CrystalSet


def crystal_set(*sites):
    crystals = tuple(
        Crystal(4 * np.eye(3), np.zeros((1, 3)), (site,)) for site in sites
    )
    ids = tuple(f"c{place}" for place in range(len(sites)))
    return CrystalSet("made", ids, ids, crystals, None, None, 0, "")


NICKEL, VACANT, MIXED = ((28, 1.0),), ((28, 0.9),), ((28, 0.5), (29, 0.5))


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        ([NICKEL, VACANT], ["1 crystal has disordered sites, ", ": c1"]),
        ([MIXED, NICKEL, VACANT], ["2 crystals have disordered sites, ", ": c0, c2"]),
        ([VACANT] * 23, ["23 crystals have ", "c18, c19 and 3 more"]),
    ],
)
def test_disordered_crystals_are_named(sites, said):
    (sentence,) = averaged_remarks(crystal_set(*sites))
    assert sentence.startswith(said[0])
    assert sentence.endswith(said[1])


def test_of_ordered_crystals_nothing_is_said():
    assert averaged_remarks(crystal_set(NICKEL, NICKEL)) == []
