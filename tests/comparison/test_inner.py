"""The training part of a fold, parted once more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from ngn_core.comparison.inner import inner_part
from ngn_core.experiment.trial import make_trial
from ngn_core.spec.load import override_spec


@pytest.fixture(scope="module")
def spec(small_spec, registry):
    return override_spec(small_spec, registry, ["train.validation=0.2"])


@pytest.mark.parametrize("fold", [0, 3])
def test_inner_rows_are_a_fold_s_validation_rows_and_none_of_its_test_rows(
    spec, prepared, registry, fold
):
    outer = make_trial(spec, prepared.crystals, fold, 0, registry)
    inside = inner_part(spec, prepared, fold, registry).crystals
    inner = make_trial(spec, inside, 0, 0, registry)

    def names(trial, part):
        return {trial.crystals.ids[place] for place in trial.parts[part]}

    assert names(inner, 0) == names(outer, 0)
    assert names(inner, 1) == names(inner, 2) == names(outer, 1)
    assert not set(inside.ids) & names(outer, 2)


def test_the_graphs_are_those_of_the_same_crystals(spec, prepared, registry):
    inside = inner_part(spec, prepared, 0, registry)
    places = [prepared.crystals.ids.index(name) for name in inside.crystals.ids]
    whole, part = prepared.graphs[spec.name], inside.graphs[spec.name]
    assert len(part) == len(inside.crystals)
    for row in (0, 5):
        one = whole.batch(torch.tensor([places[row]]))
        other = part.batch(torch.tensor([row]))
        for level, same in zip(one.levels, other.levels, strict=True):
            assert level.columns.keys() == same.columns.keys()
            for name, column in level.columns.items():
                assert torch.equal(column, same.columns[name])


def test_nothing_inside_of_a_fold_depends_on_its_test_labels(spec, prepared, registry):
    crystals = prepared.crystals
    _, _, test = crystals.parts(0)
    values = crystals.target.values.copy()
    values[test] = np.random.default_rng(0).permutation(values[test]) + 7.0
    target = replace(crystals.target, values=values)
    other = replace(prepared, crystals=replace(crystals, target=target))
    digests = {
        make_trial(
            spec, inner_part(spec, one, 0, registry).crystals, 0, 0, registry
        ).digest
        for one in (prepared, other)
    }
    assert len(digests) == 1
