from __future__ import annotations

import ngn_core.api as ngn
from ngn_core.dataset.make_folds import share_out
from ngn_core.dataset.select import select
from ngn_core.dataset.split_choice import SplitChoice
from ngn_plugins.datasets.emt import EMTAlloys


def test_the_embedded_dataset_has_three_targets_and_says_what_it_is():
    table = EMTAlloys().load("emt_alloys")
    assert table.name == "emt_alloys"
    assert 900 <= len(table.rows) <= 1200
    assert table.targets == {
        "formation_energy": ngn.Target("eV/atom", "regression", "fold", per="atom"),
        "bulk_modulus": ngn.Target("GPa", "regression", "fold", per="none"),
        "is_stable": ngn.Target("", "binary", "fold", per="none"),
    }
    assert "Model data" in table.note
    assert "EMT" in table.note
    assert table.group == "formula"


def test_its_folds_part_no_group(registry):
    table = EMTAlloys().load("emt_alloys")
    crystals = select(table, "formation_energy")
    found = share_out(table, crystals, SplitChoice(), registry)
    pairs = set(zip(found.groups.tolist(), found.fold.tolist(), strict=True))
    assert len(pairs) == found.groups.max() + 1


def test_every_crystal_of_it_can_be_trained_on():
    table = EMTAlloys().load("emt_alloys")
    for target in table.targets:
        found = select(table, target, limit=50)
        assert found.skipped == ()
        assert found.fold_source == "official"
        assert found.n_folds == 5
    assert len(select(table, "formation_energy")) == len(table.rows)
