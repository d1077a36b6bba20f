from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymatgen.core import Composition

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.dataset import DatasetTable, Row, Target
from ngn_core.dataset.holdout_split import split_holdout
from ngn_core.dataset.make_folds import given_folds, share_out
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.dataset.split import Split
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.errors import DatasetError, PluginError
from ngn_core.plugin.registry import Entry, Registry


def crystal(edge, numbers):
    frac = np.linspace(0.0, 0.5, len(numbers))[:, None] * np.ones(3)
    return Crystal(np.eye(3) * edge, frac, tuple(((z, 1.0),) for z in numbers))


def made(numbers, targets=None, group=None, task=None, **columns):
    """A table of crystals, each of the elements in `numbers`, with an official fold."""
    targets = [0.5 * i for i in range(len(numbers))] if targets is None else targets
    rows = [
        Row(
            f"c{i}",
            f"file:{i + 1}",
            partial(crystal, 4.0 + 0.01 * i, list(elements)),
            {
                "y": targets[i],
                **{name: values[i] for name, values in columns.items()},
            },
        )
        for i, elements in enumerate(numbers)
    ]
    target = Target("eV", task, "fold" if "fold" in columns else None)
    return DatasetTable("zoo", rows, {"y": target}, group=group)


SALTS = [(11 + i % 4, 17) for i in range(20)]
"""Five crystals each of four formulas."""


@pytest.fixture(scope="module")
def split(registry):
    def of(table, choice=None, seed=0, limit=None, registry=registry):
        choice = choice or SplitChoice()
        given = given_folds(table, "y", choice)
        crystals = select(table, "y", given=given, limit=limit)
        return share_out(table, crystals, choice, registry, seed)

    return of


# what is split how


def test_without_a_word_crystals_of_one_formula_stay_together(split):
    found = split(made(SALTS * 2, None), SplitChoice(folds=4))
    for formula in range(4):
        assert len(set(found.fold[formula::4])) == 1
    assert np.bincount(found.fold).tolist() == [10] * 4
    assert found.fold_source == "grouped by formula, seed 0"
    assert found.groups.tolist() == [i % 4 for i in range(40)]


elements = st.tuples(st.sampled_from([3, 11, 19]), st.sampled_from([8, 9, 17]))


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(elements, st.sampled_from("abcdefg")), min_size=8, max_size=40),
    st.sampled_from([None, "group:3", "kfold:3"]),
    st.sampled_from([None, "formula", "chemsys", "batch"]),
    st.booleans(),
    st.integers(0, 2),
)
def test_every_id_is_tested_once_and_no_group_is_parted(
    registry, split, rows, name, by, declared, seed
):
    numbers, batch = zip(*rows, strict=True)
    table = made(numbers, batch=batch, group="batch" if declared else None)
    grouped = name != "kfold:3"
    keys = batch if (by or (declared and "batch")) == "batch" else numbers
    choice = SplitChoice(name, 3 if name is None else None, by if grouped else None)
    if not grouped:
        keys = range(len(rows))
    if len(set(keys)) < 3:
        with pytest.raises(DatasetError, match="3 folds need as many groups"):
            split(table, choice, seed)
        return
    found = split(table, choice, seed)
    assert found.n_folds == 3
    parts = [found.parts(fold) for fold in range(3)]
    tested = sorted(place for _, _, test in parts for place in test)
    assert tested == list(range(len(rows)))
    for train, validation, test in parts:
        assert len(validation) == 0
        assert sorted([*train, *test]) == list(range(len(rows)))
        assert not {keys[place] for place in train} & {keys[place] for place in test}
    assert split(table, choice, seed).fold.tolist() == found.fold.tolist()


def test_a_declared_column_is_the_grouping(split):
    batch = ["a", "b", "c", "d", "e"] * 4
    found = split(made(SALTS, group="batch", batch=batch))
    assert found.fold_source == "grouped by batch, seed 0"
    assert all(len(set(found.fold[i::5])) == 1 for i in range(5))
    found = split(
        made(SALTS, group="batch", batch=batch), SplitChoice("group:2", by="formula")
    )
    assert found.fold_source == "grouped by formula, seed 0"


def test_declared_groups_that_are_parted_as_the_user_wants_are_told(split):
    batch = ["a", "b"] * 10
    found = split(made(SALTS, group="batch", batch=batch), SplitChoice("kfold:2"))
    assert found.fold_source == "kfold, seed 0"
    assert found.remarks[0].startswith("The folds part 2 of 2 groups by batch")


def test_what_is_declared_is_a_column_before_it_is_a_grouping(split):
    batch = ["a", "b"] * 10
    table = made(SALTS, group="formula", formula=batch)
    assert split(table, SplitChoice(folds=2)).groups.tolist() == [0, 1] * 10
    by_formula = [0, 1, 2, 3] * 5
    found = split(table, SplitChoice("group:2", by="formula"))
    assert found.groups.tolist() == by_formula
    found = split(made(SALTS, group="formula"), SplitChoice(folds=2))
    assert found.groups.tolist() == by_formula


def test_official_folds_win_unless_another_split_is_written_out(split):
    table = made(SALTS, fold=[0, 1, 2, 3] * 5)
    assert split(table).fold.tolist() == [0, 1, 2, 3] * 5
    assert split(table).fold_source == "official"
    assert split(table).groups is None
    assert split(table, SplitChoice(folds=4)).fold_source == "official"
    found = split(table, SplitChoice("kfold:2"))
    assert found.n_folds == 2
    assert found.fold_source == "kfold, seed 0; not the official folds"


def test_what_official_folds_make_meaningless_is_refused(split):
    table = made(SALTS, fold=[0, 1, 2, 3] * 5)
    with pytest.raises(DatasetError, match="5 folds were asked for.* there are 4 of"):
        split(table, SplitChoice(folds=5))
    with pytest.raises(DatasetError, match="chemsys changes nothing.*group:4 --by c"):
        split(table, SplitChoice(by="chemsys"))


def test_official_folds_keep_a_declared_group_for_the_validation_part(split):
    batch = ["a", "b"] * 10
    found = split(made(SALTS, group="batch", batch=batch, fold=[0, 1, 2, 3] * 5))
    assert found.fold_source == "official"
    assert found.groups.tolist() == [0, 1] * 10
    assert found.remarks == (
        "The official folds part 2 of 2 groups by batch: crystals of one group are "
        "trained and tested on.",
    )
    batch = ["a", "b", "c", "c"] * 5
    found = split(made(SALTS, group="batch", batch=batch, fold=[0, 1, 2, 2] * 5))
    assert found.remarks == ()


def test_a_file_of_folds_is_used_as_it_is(split, tmp_path):
    ids = [f"c{i}" for i in range(20)]
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"folds": [ids[:3], ids[3:]]}))
    table = made(SALTS, fold=[0, 1, 2, 3] * 5)
    found = split(table, SplitChoice(str(file)))
    assert found.fold.tolist() == [0] * 3 + [1] * 17
    assert found.fold_source == "of mine.json; not the official folds"
    assert split(made(SALTS), SplitChoice(str(file))).fold_source == "of mine.json"
    parts = {"train": ids[:10], "validation": ids[10:15], "test": ids[15:]}
    file.write_text(json.dumps({"folds": [parts]}))
    found = split(table, SplitChoice(str(file)))
    assert [part.tolist() for part in found.parts(0)] == [
        list(range(10)),
        list(range(10, 15)),
        list(range(15, 20)),
    ]


def test_a_limit_keeps_the_shares_of_a_file(split, tmp_path):
    ids = [f"c{i}" for i in range(20)]
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"folds": [ids[:4], ids[4:]]}))
    found = split(made(SALTS), SplitChoice(str(file)), limit=10)
    assert np.bincount(found.fold).tolist() == [2, 8]


def test_folds_are_made_of_what_a_limit_leaves(split):
    found = split(made(SALTS), SplitChoice("group:2"), limit=11)
    assert len(found) == 11
    numbers = [c.species[0] for c in found.crystals]
    for name in set(numbers):
        assert (
            len({f for f, n in zip(found.fold, numbers, strict=True) if n == name}) == 1
        )


def test_another_seed_makes_other_folds(split):
    table = made([(z, 8) for z in range(20, 60)])
    assert split(table, seed=1).fold.tolist() != split(table).fold.tolist()
    assert split(table, seed=1).fold_source == "grouped by formula, seed 1"


def test_official_folds_of_matbench_stay_and_others_part_no_formula(shared, registry):
    folder = shared / "data" / "matbench_jdft2d"
    table = open_dataset(str(folder), registry)
    crystals = select(table, "exfoliation_en")
    found = share_out(table, crystals, SplitChoice(), registry)
    file = shared / "data" / "matbench_targets" / "matbench_jdft2d.csv.gz"
    with gzip.open(file, "rt") as lines:
        rows = list(csv.DictReader(lines))
    assert found.fold.tolist() == [int(row["fold"]) for row in rows]
    assert found.fold_source == "official"
    formulas = [Composition(row["composition"]).reduced_formula for row in rows]

    def parted(fold):
        return len(set(zip(formulas, fold, strict=True))) - len(set(formulas))

    assert parted(found.fold) > 0
    found = share_out(table, crystals, SplitChoice("group:5"), registry)
    assert parted(found.fold) == 0
    assert found.fold_source == "grouped by formula, seed 0; not the official folds"
    assert np.bincount(found.fold).max() - np.bincount(found.fold).min() <= 2


# what cannot be


def test_fewer_groups_than_folds_are_named(split):
    with pytest.raises(DatasetError) as error:
        split(made(SALTS))
    text = str(error.value)
    assert "5 folds need as many groups; found 4 groups by formula (NaCl, Mg" in text
    assert "--split kfold:5" in text
    with pytest.raises(DatasetError, match=r"found one group by formula \(NaCl\)"):
        split(made([(11, 17)] * 9))


@pytest.mark.parametrize("folds", [1, 0])
def test_fewer_than_two_folds_are_refused(split, folds):
    for choice in (SplitChoice(folds=folds), SplitChoice(f"kfold:{folds}")):
        with pytest.raises(DatasetError, match="expected 2 or more"):
            split(made(SALTS), choice)


def test_more_folds_than_crystals_are_refused(split):
    with pytest.raises(DatasetError, match="21 folds need as many crystals; found 20"):
        split(made(SALTS), SplitChoice("kfold:21"))


@pytest.mark.parametrize("name", ["kfold:", "kfold:x", "kfold:-3", "group:2.5"])
def test_a_number_of_folds_that_is_none_is_refused(split, name):
    with pytest.raises(DatasetError, match="expected NAME:K, group:5 say"):
        split(made(SALTS), SplitChoice(name))


def test_an_unknown_split_or_grouping_suggests_another(split):
    with pytest.raises(DatasetError, match="one of group, kfold.*Did you mean 'kfold'"):
        split(made(SALTS), SplitChoice("kfolds:3"))
    with pytest.raises(DatasetError, match="chemsys.*a column: y, batch.*'batch'"):
        split(made(SALTS, batch="abcd" * 5), SplitChoice(by="batsh"))


def test_flags_that_contradict_each_other_are_refused(split):
    with pytest.raises(DatasetError, match="kfold:3 and --folds 4 disagree"):
        split(made(SALTS), SplitChoice("kfold:3", 4))
    assert split(made(SALTS), SplitChoice("kfold:3", 3)).n_folds == 3
    assert split(made(SALTS), SplitChoice("kfold", 3)).n_folds == 3
    with pytest.raises(DatasetError, match="by formula: kfold keeps no groups"):
        split(made(SALTS), SplitChoice("kfold:3", by="formula"))


def test_a_group_larger_than_a_fold_is_told(split):
    numbers = [(11, 17)] * 30 + [(z, 8) for z in range(20, 30)]
    found = split(made(numbers), SplitChoice("group:4"))
    sizes = np.bincount(found.fold)
    assert found.remarks == (
        "The group NaCl (by formula) has 30 of 40 crystals, more than one of 4 folds: "
        f"test parts have {min(sizes)} to {max(sizes)} crystals.",
    )
    assert max(sizes) >= 30
    assert split(made(SALTS * 5), SplitChoice("group:4")).remarks == ()


# classes


def test_a_class_that_no_fold_but_one_has_cannot_be_trained_on(split):
    targets = [1] * 5 + [0] * 35
    numbers = [(11, 17)] * 5 + [(z, 8) for z in range(20, 55)]
    with pytest.raises(
        DatasetError,
        match=r"training part of fold \d has no crystal with y 1, of which there are 5",
    ):
        split(made(numbers, targets))
    assert split(made(numbers, targets), SplitChoice("kfold:5")).remarks == ()


def test_a_test_part_of_one_class_is_told(split):
    targets = [1] * 3 + [0] * 37
    found = split(made([(z, 8) for z in range(20, 60)], targets))
    assert len(found.remarks) == 1
    assert found.remarks[0].startswith("Tested on one class alone in fold ")
    alone = [f for f in range(5) if not any(np.array(targets)[found.fold == f])]
    assert all(f"{fold} (no 1)" in found.remarks[0] for fold in alone)


def test_classes_smaller_than_the_number_of_folds_are_refused(split):
    targets = [0, 1] * 3
    for name in ("kfold:5", "group:5"):
        with pytest.raises(DatasetError, match="5 folds need as many crystals of one"):
            split(made([(z, 8) for z in range(20, 26)], targets), SplitChoice(name))


# plugins


class Strange(Split):
    """Returns what it is told to."""

    name = "strange"
    grouped = True
    returned: object = None

    def folds(self, pool, n_folds, seed):
        return self.returned


@pytest.mark.parametrize(
    ("returned", "found"),
    [
        ([0, 1], r"shape \(2,\); expected 20 whole numbers"),
        ([0.5] * 20, "array of float64"),
        ([0] * 20, r"the folds \[0\]; expected 0 to 1"),
        ([0, 1, 2, 0] * 5, r"the folds \[0, 1, 2\]"),
        ([0, 1] * 9 + [1, 0], "crystals of one group in several folds"),
    ],
)
def test_a_split_that_breaks_its_promise_is_named(split, registry, returned, found):
    component = type("Broken", (Strange,), {"returned": returned})
    origin = registry.get("split", "group").origin
    with_it = Registry({("split", "strange"): Entry("split", component, origin)})
    with pytest.raises(PluginError, match=f"split strange returned .*{found}"):
        split(made(SALTS), SplitChoice("strange:2"), registry=with_it)


# hold-out


def held(table, share=0.2, by=None, seed=0):
    return split_holdout(
        table, select(table, "y"), SplitChoice(by=by, holdout=share), seed
    )


OXIDES = [(20 + i % 25, 8) for i in range(100)]


def test_whole_groups_are_held_out():
    found = held(made(OXIDES))
    numbers = [int(name[1:]) % 25 for name in found.ids]
    assert len(found.ids) == 20
    assert sorted(numbers) == sorted(list(dict.fromkeys(numbers)) * 4)
    assert (found.by, found.n_groups) == ("formula", 5)


def test_a_hold_out_depends_on_the_seed_and_not_on_official_folds():
    plain = held(made(OXIDES))
    assert held(made(OXIDES, fold=[0, 1] * 50)) == plain
    assert held(made(OXIDES), seed=1).ids != plain.ids


def test_the_digest_of_a_hold_out_is_that_of_its_content():
    table = made(OXIDES)
    found = held(table)
    part = replace(table, rows=[row for row in table.rows if row.id in set(found.ids)])
    assert select(part, "y").digest == found.digest
    other = made(OXIDES, [0.5 * i + 1e-9 for i in range(100)])
    assert held(other).ids == found.ids
    assert held(other).digest != found.digest


def test_classes_have_their_share_in_a_hold_out():
    targets = [int(i % 10 == 0) for i in range(100)]
    table = made([(20 + i % 50, 8) for i in range(100)], targets)
    found = held(table)
    assert sum(targets[int(name[1:])] for name in found.ids) == 2


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(DatasetError, match="expected a share between 0 and 1"):
        held(made(OXIDES), share)


def test_groups_too_large_to_be_held_out_are_named():
    with pytest.raises(DatasetError, match="asks for 2 of 20 .* give 5; there are 4"):
        held(made(SALTS), 0.1)
    with pytest.raises(DatasetError, match="give 9; .* the largest, NaCl, with 9"):
        held(made([(11, 17)] * 9), 0.1)
