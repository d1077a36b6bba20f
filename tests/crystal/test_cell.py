from dataclasses import replace

import numpy as np
import pytest

from ngn_core.crystal.cell import choose_cell, reduce_to, supercell_of
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.symmetry import find_symmetry

TILES = {
    "itself": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "skewed": [[1, 1, 0], [0, 2, 1], [1, 0, -1]],
    "left-handed": [[0, 1, 0], [1, 0, 0], [0, 0, 1]],
    "long": [[3, 0, 0], [0, 1, 0], [0, 0, 1]],
}
PRIMITIVE = {"NaCl": 2, "Si": 2, "SrTiO3": 5, "rutile": 6, "Al2O3": 10, "quartz": 9}


def spectrum(crystal):
    """Lengths and vectors up to 4 Å an atom, that every cell must give alike."""
    sender, receiver, shift, length = neighbors_within(crystal, 4.0)
    vectors = crystal.vectors(sender, receiver, shift)
    rows = np.column_stack(
        [crystal.numbers[receiver], crystal.numbers[sender], vectors]
    )
    _, counts = np.unique(rows.round(4) + 0.0, axis=0, return_counts=True)
    return np.sort(length), counts / len(crystal.frac)


@pytest.mark.parametrize("matrix", TILES.values(), ids=TILES)
@pytest.mark.parametrize("name", PRIMITIVE)
def test_a_cell_is_another_view_of_one_crystal(known, disguised, name, matrix):
    given = disguised(known[name], 4, matrix)
    lengths, counts = spectrum(given)
    for cell, atoms in (
        ("given", len(given.frac)),
        ("primitive", PRIMITIVE[name]),
        ("conventional", len(known[name].frac)),
    ):
        crystal = choose_cell(given, cell, 1e-3)
        assert len(crystal.frac) == atoms
        again, counts_again = spectrum(crystal)
        np.testing.assert_allclose(
            np.repeat(again, len(given.frac)), np.repeat(lengths, atoms), atol=1e-8
        )
        # the same vectors: the frame is not rotated
        np.testing.assert_allclose(np.sort(counts_again), np.sort(counts))


def test_site_columns_come_along(known):
    crystal = known["NaCl"]
    charge = np.where(crystal.numbers == 11, 1.0, -1.0)
    charged = replace(crystal, columns={"charge": charge})
    small = choose_cell(charged, "primitive", 1e-3)
    assert dict(zip(small.numbers, small.columns["charge"], strict=True)) == {
        11: 1.0,
        17: -1.0,
    }
    magnetic = replace(crystal, columns={"moment": np.arange(8) == 0})
    assert len(choose_cell(magnetic, "primitive", 1e-3).frac) == 8


def test_a_tiling_fills_the_cell_with_each_translate_once(known):
    crystal = known["quartz"]
    matrix = np.array([[1, 1, 0], [0, 2, 1], [1, 0, -2]])
    supercell = supercell_of(crystal, matrix @ crystal.lattice)
    assert supercell.copies == 3
    filled = supercell.fill(crystal)
    assert len(filled.frac) == 3 * 9
    assert neighbors_within(filled, 1.0)[3].size == 0
    back, again = reduce_to(filled, find_symmetry(filled, 1e-3).primitive)
    assert len(back.frac) == 9
    np.testing.assert_allclose(
        (back.frac[again.atom] + again.cell_shift) @ back.lattice,
        filled.frac @ filled.lattice,
        atol=1e-9,
    )


def test_translates_become_one_atom_at_their_mean_place(known):
    crystal = known["rutile"]
    tiled = supercell_of(crystal, np.diag([2, 1, 1]) @ crystal.lattice).fill(crystal)
    away = 1e-4 * np.random.default_rng(0).normal(size=tiled.frac.shape)
    shaken = replace(tiled, frac=tiled.frac + away @ np.linalg.inv(tiled.lattice))
    small = choose_cell(shaken, "primitive", 1e-2)
    places = shaken.frac @ shaken.lattice
    apart = small.frac @ small.lattice - places[:, None]
    steps = apart @ np.linalg.inv(small.lattice)
    near = (steps - np.rint(steps)) @ small.lattice
    near[np.linalg.norm(near, axis=2) > 0.1] = 0
    np.testing.assert_allclose(near.sum(axis=0), 0, atol=1e-12)
    assert np.abs(near).max() > 1e-6
