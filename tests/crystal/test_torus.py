import numpy as np
import pytest

from ngn_core.crystal import torus


@pytest.mark.parametrize("seed", range(5))
def test_the_nearest_atom_is_the_same_by_comparing_all_and_by_a_tree(monkeypatch, seed):
    rng = np.random.default_rng(seed)
    frac = rng.uniform(-2, 2, size=(12, 3))
    colors = rng.integers(1, 4, size=12)
    points = rng.uniform(-3, 3, size=(6, 12, 3))
    compared = torus.nearest(points, frac, colors)
    monkeypatch.setattr(torus, "FEW", 0)
    assert torus.nearest(points, frac, colors).tolist() == compared.tolist()
    assert (colors[compared] == colors).all()
