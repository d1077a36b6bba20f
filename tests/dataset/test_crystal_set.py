from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ngn_core.dataset.crystal_set import drop
from ngn_core.dataset.dataset import Target
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError


@pytest.fixture
def crystals(make_table):
    columns = {
        "y": [1.0, 2.0, 3.0, 4.0],
        "fold": [0, 1, 0, 1],
        "s": ["b", "a", "c", "a"],
    }
    table = make_table(columns, {"y": Target("eV", "regression", "fold")})
    return select(table, "y", state="s")


def changed(crystals, **columns):
    first = replace(crystals.crystals[0], **columns)
    return replace(crystals, crystals=(first, *crystals.crystals[1:]))


def test_the_digest_is_of_the_content_alone(crystals):
    same = replace(
        crystals, name="other", where=("x",) * 4, note=None, fold_source="made here"
    )
    assert same.digest == crystals.digest
    assert len(crystals.digest) == 64


def test_the_digest_is_the_same_on_every_machine(crystals):
    lattice = crystals.crystals[0].lattice
    assert changed(crystals, lattice=lattice.astype(">f8")).digest == crystals.digest
    frac = -crystals.crystals[0].frac
    assert np.signbit(frac).all()
    assert changed(crystals, frac=frac).digest == crystals.digest


def test_the_digest_sees_every_part(crystals):
    first = crystals.crystals[0]
    target, state = crystals.target, crystals.state
    others = [
        replace(crystals, ids=("x", *crystals.ids[1:])),
        changed(crystals, lattice=first.lattice * 1.0000001),
        changed(crystals, frac=first.frac + 1e-12),
        changed(crystals, species=(((12, 1.0),),)),
        changed(crystals, species=(((11, 0.5), (12, 0.5)),)),
        changed(crystals, columns={"spin": np.array([1.0])}),
        replace(crystals, target=replace(target, values=target.values + 1e-9)),
        replace(crystals, target=None),
        replace(crystals, fold=1 - crystals.fold),
        replace(crystals, state=replace(state, labels=("a", "b", "d"))),
        replace(crystals, state=replace(state, codes=state.codes[::-1])),
        replace(crystals, state=None),
    ]
    assert len({crystals.digest, *(other.digest for other in others)}) == 13


def test_the_digest_sees_which_site_is_shared(crystals):
    one, two, three = (11, 0.5), (12, 0.5), (13, 1.0)
    frac = np.zeros((2, 3))
    left = changed(crystals, frac=frac, species=((one, two), (three,)))
    right = changed(crystals, frac=frac, species=((one,), (two, three)))
    assert left.digest != right.digest


def test_arrays_cannot_be_changed(crystals):
    parts = (crystals.target.values, crystals.fold, crystals.state.codes)
    for array in parts:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7


def test_dropped_crystals_join_the_skipped(crystals):
    left = drop(crystals, {"c2": "an isolated atom"})
    assert left.ids == ("c0", "c1", "c3")
    assert left.where == ("file:1", "file:2", "file:4")
    assert left.target.values.tolist() == [1.0, 2.0, 4.0]
    assert left.fold.tolist() == [0, 1, 1]
    assert left.state.labels == crystals.state.labels
    assert left.state.codes.tolist() == [1, 0, 0]
    assert [(s.id, s.where, s.reason) for s in left.skipped] == [
        ("c2", "file:3", "an isolated atom")
    ]
    assert left.digest != crystals.digest
    assert len(crystals) == 4


def test_dropping_nothing_changes_nothing(crystals):
    assert drop(crystals, {}) is crystals


def test_dropping_a_whole_fold_is_an_error(crystals):
    with pytest.raises(DatasetError, match="fold 0 of 2"):
        drop(crystals, {"c0": "x", "c2": "x"})


def test_dropping_all_is_an_error(crystals):
    with pytest.raises(DatasetError, match="all 4 rows were skipped.*an isolated"):
        drop(crystals, dict.fromkeys(crystals.ids, "an isolated atom"))


def test_dropping_a_stranger_is_a_mistake_of_the_caller(crystals):
    with pytest.raises(KeyError, match="c9"):
        drop(crystals, {"c9": "x"})
