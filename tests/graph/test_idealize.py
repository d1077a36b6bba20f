from dataclasses import replace

import numpy as np
import pytest

from ngn_core.crystal.space_group import SpaceGroup
from ngn_core.crystal.symmetry import find_space_group
from ngn_core.errors import StructureError
from ngn_core.graph.action import act_on_atoms
from ngn_core.graph.idealize import idealize


@pytest.fixture
def shaken():
    def shake(crystal, seed, size):
        rng = np.random.default_rng(seed)
        strain = np.eye(3) + size / 5 * rng.normal(size=(3, 3))
        away = size * rng.uniform(-1, 1, size=crystal.frac.shape)
        frac = crystal.frac + away @ np.linalg.inv(crystal.lattice)
        return replace(crystal, lattice=crystal.lattice @ strain, frac=frac)

    return shake


@pytest.mark.parametrize("name", ["NaCl", "Si", "rutile", "Al2O3", "quartz", "ZnO"])
def test_an_idealized_crystal_is_invariant_and_not_rotated(
    known, shaken, disguised, name
):
    crystal = disguised(known[name], 1)
    group = find_space_group(crystal, 1e-3)
    raw = shaken(crystal, 2, 1e-3)
    ideal, shift, strain = idealize(raw, group)

    action = act_on_atoms(ideal, group, 1e-9)
    for g in range(len(group)):
        rotation = group.rotations[g]
        moved = ideal.frac @ rotation.T + group.translations[g]
        landed = ideal.frac[action.image[g]] + action.cell_shift[g]
        np.testing.assert_allclose(moved, landed, atol=1e-12)
        metric = ideal.lattice @ ideal.lattice.T
        np.testing.assert_allclose(rotation.T @ metric @ rotation, metric, atol=1e-12)

    # a stretch without rotation is symmetric and positive
    stretch = np.linalg.solve(raw.lattice, ideal.lattice)
    np.testing.assert_allclose(stretch, stretch.T, atol=1e-12)
    assert (np.linalg.eigvalsh(stretch) > 0).all()
    assert strain == pytest.approx(np.abs(stretch - np.eye(3)).max())
    moved = np.linalg.norm((ideal.frac - raw.frac) @ ideal.lattice, axis=1)
    assert shift == pytest.approx(moved.max())
    assert 0 < shift < 1e-2
    assert find_space_group(ideal, 1e-9).number == group.number


def test_idealizing_twice_changes_nothing(known, shaken):
    crystal = known["quartz"]
    group = find_space_group(crystal, 1e-3)
    once, _, _ = idealize(shaken(crystal, 3, 1e-3), group)
    twice, shift, strain = idealize(once, group)
    assert shift < 1e-12
    assert strain < 1e-12
    np.testing.assert_allclose(twice.lattice, once.lattice, atol=1e-12)


def test_an_operation_that_is_none_is_refused(known):
    crystal = known["rutile"]
    group = find_space_group(crystal, 1e-3)
    wrong = SpaceGroup(
        group.number,
        group.symbol,
        group.rotations,
        group.translations + [0.1, 0, 0],
        group.finder,
    )
    with pytest.raises(StructureError, match=r"space group 136 .* atom \d \((Ti|O)\)"):
        act_on_atoms(crystal, wrong)
