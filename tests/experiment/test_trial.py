"""What a trial's digest covers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ngn_core.dataset.crystal_set import TargetColumn
from ngn_core.dataset.roles import TEST, TRAIN, VALIDATION
from ngn_core.errors import TrialError
from ngn_core.experiment.trial import make_trial
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs


@pytest.fixture
def trial(small_spec, alloys, registry):
    return make_trial(small_spec, alloys, 0, 0, registry)


def test_the_digest_is_the_same_for_the_same_trial(trial, small_spec, alloys, registry):
    assert make_trial(small_spec, alloys, 0, 0, registry).digest == trial.digest


@pytest.mark.parametrize(("fold", "seed"), [(1, 0), (0, 1)])
def test_fold_and_seed_are_part_of_the_digest(
    trial, small_spec, alloys, registry, fold, seed
):
    assert make_trial(small_spec, alloys, fold, seed, registry).digest != trial.digest


def test_every_option_is_part_of_the_digest(trial, alloys, registry, small_spec):
    other = replace(
        small_spec,
        train={
            **small_spec.train,
            "regression": small_spec.train["regression"].model_copy(
                update={"batch_size": 9}
            ),
        },
    )
    assert make_trial(other, alloys, 0, 0, registry).digest != trial.digest


@pytest.mark.parametrize(
    "changed", [{"average": 0.9}, {"precision": "bf16"}, {"batch_by": "edges"}]
)
def test_what_weights_depend_on_is_part_of_the_digest(
    trial, alloys, registry, small_spec, changed
):
    options = small_spec.train["regression"].model_copy(update=changed)
    other = replace(small_spec, train={**small_spec.train, "regression": options})
    again = make_trial(other, alloys, 0, 0, registry)
    assert again.digest != trial.digest
    assert again.model != trial.model


def test_one_target_value_is_part_of_the_digest(trial, alloys, small_spec, registry):
    assert alloys.target is not None
    values = alloys.target.values.copy()
    values[3] = np.nextafter(values[3], 1.0)
    changed = replace(alloys, target=replace(alloys.target, values=values))
    assert make_trial(small_spec, changed, 0, 0, registry).digest != trial.digest


@pytest.mark.parametrize(
    "said",
    [
        {"per": "cell"},
        {"positive": 1},
        {"transform": "asinh"},
        {"reference": "composition"},
    ],
)
def test_what_is_declared_of_the_target_is_part_of_the_digest(
    trial, alloys, small_spec, registry, said
):
    declared = replace(alloys.target.declared, **said)
    assert declared != alloys.target.declared
    changed = replace(alloys, target=replace(alloys.target, declared=declared))
    again = make_trial(small_spec, changed, 0, 0, registry)
    assert again.digest != trial.digest
    assert again.model != trial.model


def test_the_names_of_columns_are_no_part_of_the_digest(
    trial, alloys, small_spec, registry
):
    declared = replace(alloys.target.declared, column="energy", folds="part")
    changed = replace(alloys, target=replace(alloys.target, declared=declared))
    assert make_trial(small_spec, changed, 0, 0, registry).digest == trial.digest


def test_notes_and_file_names_are_no_part_of_the_digest(
    trial, alloys, small_spec, registry
):
    renamed = replace(
        small_spec,
        file="elsewhere.yaml",
        reference=small_spec.reference.model_copy(update={"note": "changed"}),
    )
    again = make_trial(renamed, replace(alloys, name="moved"), 0, 0, registry)
    assert again.digest == trial.digest


def test_epochs_of_the_other_task_are_no_part_of_the_digest(
    trial, alloys, small_spec, registry
):
    binary = small_spec.train["binary"].model_copy(update={"epochs": 999})
    other = replace(small_spec, train={**small_spec.train, "binary": binary})
    assert make_trial(other, alloys, 0, 0, registry).digest == trial.digest


PLUGIN = '''
import ngn_core.api as ngn

class Scaled(ngn.Loss):
    """Mean absolute error, scaled."""

    name = "scaled"
    task = "regression"

    def forward(self, output, target):
        return FACTOR * (output - target).abs().mean()

@ngn.hookimpl
def ngn_register_losses():
    return [Scaled]
'''


def test_one_constant_in_a_plugin_file_is_part_of_the_digest(tmp_path, alloys):
    digests = []
    for factor in ("1.0", "2.0", "1.0"):
        file = tmp_path / "scaled.py"
        file.write_text(PLUGIN.replace("FACTOR", factor))
        registry = collect(plugin_manager([file]))
        uses, spares = (
            make_trial(
                load_specs(["cgcnn"], registry, changes)[0], alloys, 0, 0, registry
            ).digest
            for changes in (["train.loss=scaled"], [])
        )
        digests.append((uses, spares))
    assert digests[0][0] != digests[1][0]
    assert digests[0] == digests[2]
    assert digests[0][1] == digests[1][1]


def with_validation(spec, share, task="regression"):
    options = spec.train[task].model_copy(update={"validation": share})
    return replace(spec, train={**spec.train, task: options})


def test_a_validation_part_keeps_groups_together(alloys, small_spec, registry):
    groups = np.arange(len(alloys)) // 3
    grouped = replace(alloys, groups=groups)
    spec = with_validation(small_spec, 0.2)
    for fold in range(alloys.n_folds):
        for seed in range(3):
            train, validation, _ = make_trial(spec, grouped, fold, seed, registry).parts
            assert not set(groups[train]) & set(groups[validation])
            wanted = 0.2 * (len(train) + len(validation))
            assert abs(len(validation) - wanted) <= 2


def test_a_validation_part_has_the_classes_shares(alloys, small_spec, registry):
    labels = (np.arange(len(alloys)) % 5 == 0).astype(float)
    target = TargetColumn("label", "", "binary", labels)
    fold = np.arange(len(alloys)) // 5 % 2
    binary = replace(alloys, target=target, fold=fold, n_folds=2)
    spec = with_validation(small_spec, 0.25, "binary")
    for seed in range(3):
        train, validation, _ = make_trial(spec, binary, 0, seed, registry).parts
        assert (len(train), len(validation)) == (15, 5)
        assert labels[validation].sum() == 1


def test_one_group_alone_has_no_validation_part(alloys, small_spec, registry):
    alone = replace(alloys, groups=np.zeros(len(alloys), dtype=np.int64))
    trial = make_trial(with_validation(small_spec, 0.2), alone, 0, 0, registry)
    with pytest.raises(TrialError, match="of one group"):
        _ = trial.parts


def test_a_file_names_the_parts_of_a_trial(alloys, small_spec, registry):
    roles = np.arange(len(alloys), dtype=np.int8)[None] % 4
    named = replace(alloys, roles=roles, n_folds=1)
    for share in (0.0, 0.2):
        trial = make_trial(with_validation(small_spec, share), named, 0, 0, registry)
        for role, part in zip((TRAIN, VALIDATION, TEST), trial.parts, strict=True):
            assert part.tolist() == np.flatnonzero(roles[0] == role).tolist()


def test_the_parts_are_disjoint_and_cover_everything(alloys, small_spec, registry):
    options = small_spec.train["regression"].model_copy(update={"validation": 0.2})
    spec = replace(small_spec, train={**small_spec.train, "regression": options})
    for fold in range(alloys.n_folds):
        parts = make_trial(spec, alloys, fold, 0, registry).parts
        train, validation, test = (set(part.tolist()) for part in parts)
        assert train | validation | test == set(range(len(alloys)))
        assert len(train) + len(validation) + len(test) == len(alloys)
        assert test == set(np.flatnonzero(alloys.fold == fold).tolist())
        assert len(validation) == round(0.2 * (len(train) + len(validation)))
