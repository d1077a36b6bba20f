"""Crystals that were inspected once for all tests."""

import numpy as np
import pytest

from ngn_core.compare.inspection import inspect
from ngn_core.crystal.reading import from_arrays
from ngn_core.spec.load import load_specs

PEROVSKITE = from_arrays(
    3.9 * np.eye(3),
    ["Sr", "Ti", "O", "O", "O"],
    [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
)


@pytest.fixture(scope="session")
def perovskite(registry):
    """SrTiO3 with a name to escape: what is known of it, and its picture."""
    (spec,) = load_specs(["congn"], registry)
    return inspect("<STO> & co", PEROVSKITE, spec)


@pytest.fixture(scope="session")
def crowded(registry):
    """Thirty atoms at random, each with many neighbors: all in sight is too much."""
    (spec,) = load_specs(["cogn"], registry)
    grid = np.stack(np.meshgrid(*[np.arange(3)] * 3), axis=-1).reshape(-1, 3)
    frac = (grid + np.random.default_rng(0).uniform(0, 0.4, grid.shape)) / 3
    return inspect("many", from_arrays(9 * np.eye(3), ["C"] * 27, frac), spec)
