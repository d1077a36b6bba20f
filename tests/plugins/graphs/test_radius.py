import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ngn_core.crystal.reading import from_arrays
from ngn_core.errors import StructureError
from ngn_plugins.graphs import Radius


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.floats(3.0, 6.0))
def test_the_edges_are_all_pairs_within_the_cutoff(
    random_crystal, straightforward, rows, seed, atoms, cutoff
):
    crystal = random_crystal(seed, atoms)
    wanted = {row[:3] for row in straightforward(crystal, cutoff)}
    if {r for _, r, _ in wanted} != set(range(atoms)):
        return
    found = rows(Radius(Radius.Options(cutoff=cutoff)).edges(crystal))
    assert set(found) == wanted
    assert len(found) == len(wanted)
    # symmetric: each edge has its reverse
    assert {(r, s, tuple(-x for x in n)) for s, r, n in found} == wanted


def test_a_lonely_atom_is_named_with_what_would_be_right():
    frac = [[0, 0, 0], [0.1, 0, 0], [0.5, 0.5, 0.5]]
    crystal = from_arrays(np.eye(3) * 10, ["H", "H", "Xe"], frac)
    with pytest.raises(
        StructureError,
        match=r"atom 2 \(Xe\) has no neighbor within the cutoff of 3 Å; its nearest "
        r"one is 8.12 Å away: use a larger cutoff, or knn",
    ):
        Radius(Radius.Options(cutoff=3)).edges(crystal)


def test_a_cutoff_is_positive():
    with pytest.raises(ValidationError, match="greater than 0"):
        Radius.Options(cutoff=0)
