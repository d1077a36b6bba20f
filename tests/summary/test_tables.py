"""Tables from stored results: the same whatever the order, and nothing mixed up."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from ngn_core.dataset.crystal_set import Skipped
from ngn_core.errors import TrialError
from ngn_core.experiment import facts as known
from ngn_core.experiment.facts import (
    CRYSTALS,
    FACTS,
    DatasetFacts,
    read_facts,
    write_facts,
)
from ngn_core.experiment.result import write_result
from ngn_core.experiment.sought_duplicates import seek_duplicates
from ngn_core.experiment.store import Store
from ngn_core.experiment.stored import read_results
from ngn_core.summary.add_facts import add_facts, facts_of
from ngn_core.summary.tables import ReportOptions, tables_of

FACT = DatasetFacts(
    "digest",
    636,
    "official",
    skipped=(Skipped("x", "row 3", "no"),),
    notes=("A note.",),
    tested={
        "a": known.TestedCrystal("NaCl", 225, 2, {"formula": 1.5}, "mb-a"),
        "b": known.TestedCrystal("SiO2", None, 9, {"formula": None}),
    },
)


def keep(results, runs):
    """Write results as trials do, each in a folder named by its digest."""
    for result in results:
        folder = runs / result.digest.replace(" ", "_")
        folder.mkdir(parents=True)
        write_result(result, folder)
        if result.facts is not None:
            write_facts(result.facts, folder)


def test_facts_are_read_as_they_were_written(tmp_path):
    write_facts(FACT, tmp_path)
    assert read_facts(tmp_path) == FACT
    assert (tmp_path / CRYSTALS).read_text().splitlines()[2] == "b,SiO2,,9,,"


def test_damaged_facts_are_named_and_none_are_none(tmp_path):
    assert read_facts(tmp_path) is None
    write_facts(FACT, tmp_path)
    (tmp_path / FACTS).write_text('{"format": 1, "data"')
    with pytest.raises(TrialError, match="the facts of its crystals are damaged"):
        read_facts(tmp_path)


def test_results_copied_together_are_one_table(on_jdft2d, registry, tmp_path):
    keep(on_jdft2d(folds=[0, 1]), tmp_path / "one")
    keep(on_jdft2d(folds=[2, 3, 4]), tmp_path / "another")
    apart = [tmp_path / "another", tmp_path / "one"]
    (found,) = tables_of(read_results(apart), registry, ReportOptions())
    assert [result.fold for result in found.lines[0].results] == [0, 1, 2, 3, 4]
    assert (found.crystals, found.fold_source) == (636, "official")
    again = tables_of(
        read_results([*reversed(apart), *apart]), registry, ReportOptions()
    )
    assert [found] == again


def test_missing_folds_are_said(on_jdft2d, registry):
    results = on_jdft2d("A", folds=[0, 2, 4]) + on_jdft2d("B")
    (found,) = tables_of(results, registry, ReportOptions())
    told = [note for note in found.notes if "no result" in note]
    assert told == ["A, seed 0: no result of fold 1, 3; its mean is over the others."]


def test_a_trial_that_was_copied_counts_once(on_jdft2d, registry, tmp_path):
    keep(on_jdft2d(), tmp_path / "runs")
    shutil.copytree(tmp_path / "runs", tmp_path / "copy")
    results = read_results([tmp_path / "copy", tmp_path / "runs"])
    assert len(results) == 5


def test_a_trial_that_was_trained_on_two_machines_counts_once_and_the_same(
    on_jdft2d, tmp_path
):
    (one,) = on_jdft2d(folds=[0], error=2.0)
    (other,) = on_jdft2d(folds=[0], error=2.1)
    keep([one], tmp_path / "a")
    keep([replace(other, facts=FACT)], tmp_path / "b")
    there = read_results([tmp_path / "a", tmp_path / "b"])
    back = read_results([tmp_path / "b", tmp_path / "a"])
    assert there == back
    assert len(there) == 1
    assert there[0].facts == FACT


def test_two_trials_of_one_cell_are_refused(on_jdft2d, registry):
    one = on_jdft2d()
    two = [replace(result, digest=f"other {result.fold}") for result in one]
    with pytest.raises(TrialError, match="ours has two results of fold 0, seed 0"):
        tables_of([*one, *two], registry, ReportOptions())


def test_two_specs_of_one_name_are_refused(on_jdft2d, registry):
    one = on_jdft2d(folds=[0, 1])
    two = on_jdft2d(folds=[2, 3], model="other", written="name: ours\nx: 1\n", epochs=9)
    with pytest.raises(
        TrialError, match="two different specs are called ours"
    ) as error:
        tables_of([*one, *two], registry, ReportOptions())
    assert "9 epochs" in str(error.value)


def test_training_that_was_chosen_in_each_fold_is_one_spec(on_jdft2d, registry):
    choice = {"candidates": [], "chosen": {"lr": 1.0}, "seconds": 1.0}
    chosen = {"protocol": "equal", "budget": "epochs=3", "choice": choice}
    one = on_jdft2d(folds=[0], training=chosen, model="1", written="lr: 1\n")
    two = on_jdft2d(folds=[1], training=chosen, model="2", written="lr: 2\n")
    (found,) = tables_of([*one, *two], registry, ReportOptions())
    assert len(found.lines[0].results) == 2


def test_other_crystals_are_another_table(on_jdft2d, registry):
    part = on_jdft2d("part", keep=lambda name: not name.endswith("1"))
    found = tables_of([*on_jdft2d(), *part], registry, ReportOptions())
    assert sorted(table.crystals for table in found) == [573 - 1, 636]


def test_a_folder_without_results_is_named(tmp_path):
    for path, said in (
        (tmp_path, "no finished trial in it"),
        (tmp_path / "x", "no such folder"),
    ):
        with pytest.raises(TrialError, match=said):
            read_results([path])


def test_a_result_without_facts_gets_them_without_training(
    alloys, trial_result, tmp_path
):
    results = []
    for fold in (0, 3):
        _, _, test = alloys.parts(fold)
        rows = tuple((alloys.ids[place], 0.0, 0.0) for place in test)
        results.append(
            trial_result("A", fold, 1.0, digest=f"d{fold}", predictions=rows)
        )
    store = Store(tmp_path)
    for result in results:
        store.folder(result.digest).mkdir()
    duplicates = seek_duplicates(alloys, None, lambda done, total: None, 1)
    facts = facts_of(alloys, ["General."], duplicates.remark)
    found = add_facts(
        results, facts, {"A": ["Of A."]}, alloys, duplicates, store.folder
    )
    for result in found:
        assert result.facts.notes == ("General.", "Of A.")
        assert list(result.facts.tested) == [name for name, _, _ in result.predictions]
        assert read_facts(store.folder(result.digest)) == result.facts
    one = next(iter(found[0].facts.tested.values()))
    place = alloys.ids.index(next(iter(found[0].facts.tested)))
    assert one.atoms == len(alloys.crystals[place].species)
    assert one.space_group is not None
    written = (store.folder("d0") / FACTS).stat().st_mtime_ns
    again = add_facts(found, facts, {"A": ["Of A."]}, alloys, duplicates, store.folder)
    assert again == found
    assert (store.folder("d0") / FACTS).stat().st_mtime_ns == written
