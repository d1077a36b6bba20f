import numpy as np
import pytest

from ngn_core.crystal.basis import determinant, inverse


@pytest.mark.parametrize("seed", range(5))
def test_determinant_and_inverse(seed):
    basis = np.random.default_rng(seed).normal(size=(3, 3))
    assert determinant(basis) == pytest.approx(np.linalg.det(basis))
    np.testing.assert_allclose(inverse(basis) @ basis, np.eye(3), atol=1e-12)
    assert determinant(basis[::-1]) == pytest.approx(-determinant(basis))


def test_the_determinant_of_integers_is_exact():
    large = np.array([[10**9, 1, 0], [0, 10**9, 1], [1, 0, 10**9]])
    assert determinant(large) == 10**27 + 1
