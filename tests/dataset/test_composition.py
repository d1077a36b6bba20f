"""What crystals are made of."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.composition import atom_counts, formula_sizes
from ngn_core.dataset.dataset import DatasetTable, Row, Target
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError


def crystal(*species):
    frac = np.linspace(0, 0.9, len(species))[:, None] * np.ones(3)
    return Crystal(9 * np.eye(3), frac, species)


SODIUM, CHLORINE, OXYGEN = ((11, 1.0),), ((17, 1.0),), ((8, 1.0),)
SHARED = ((11, 0.25), (19, 0.5))


def test_atoms_are_counted_by_element_and_weight():
    counts = atom_counts(
        [crystal(SODIUM, CHLORINE, SODIUM), crystal(SHARED, SHARED, OXYGEN)]
    )
    assert counts.shape == (2, 118)
    assert {
        (row, place + 1): counts[row, place]
        for row, place in zip(*map(list, counts.nonzero()), strict=True)
    } == {(0, 11): 2, (0, 17): 1, (1, 11): 0.5, (1, 19): 1.0, (1, 8): 1.0}


@pytest.mark.parametrize(
    ("atoms", "size"),
    [
        ([SODIUM], 1),
        ([SODIUM] * 4, 1),
        ([SODIUM] * 4 + [CHLORINE] * 4, 2),
        ([SODIUM] * 4 + [OXYGEN] * 2, 3),
        ([SODIUM] * 6 + [OXYGEN] * 4, 5),
    ],
)
def test_a_formula_unit_is_the_smallest_whole_number_of_atoms(atoms, size):
    assert formula_sizes(atom_counts([crystal(*atoms)])).tolist() == [size]


def test_shared_sites_have_no_formula_unit():
    sizes = formula_sizes(atom_counts([crystal(SHARED, OXYGEN), crystal(SODIUM)]))
    assert np.isnan(sizes[0])
    assert sizes[1] == 1


def test_values_by_formula_unit_of_shared_sites_are_refused_by_name():
    crystals = {
        "ordered": partial(crystal, SODIUM, CHLORINE),
        "shared": partial(crystal, SHARED),
    }
    rows = [Row(name, name, read, {"y": 1.5}) for name, read in crystals.items()]
    for per, is_refused in (("formula_unit", True), ("cell", False)):
        table = DatasetTable("zoo", rows, {"y": Target(per=per)})
        if is_refused:
            with pytest.raises(DatasetError, match="1 of 2 crystals have .*: shared$"):
                select(table, "y", on_disorder="average")
        else:
            assert len(select(table, "y", on_disorder="average")) == 2
        left = select(table, "y", on_disorder="skip")
        assert left.ids == ("ordered",)
