import pickle

import pytest

from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_all, load_specs, resolve_spec
from ngn_core.spec.plain_yaml import read_yaml, write_yaml

NETWORKS = [name for name in shipped_specs() if not name.startswith("baselines/")]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_shipped_spec_says_everything_that_it_is(name, registry):
    (spec,) = load_specs([name], registry)
    plain = spec.resolved()
    assert resolve_spec(plain, registry, spec.file) == spec
    assert read_yaml(write_yaml(plain))[0] == plain
    assert pickle.loads(pickle.dumps(spec)) == spec


def test_what_differs_between_tasks_comes_back(probe, load, registry):
    binary = "{epochs: 7, schedule: cosine, optimizer: {use: adamw, lr: 0.1}}"
    spec = load(probe, f"train.by_task={{binary: {binary}}}", "train.validation=0.5")
    assert resolve_spec(spec.resolved(), registry, spec.file) == spec
    spec = load(probe, "train.schedule=cosine", "train.by_task.binary.schedule=null")
    assert spec.train["binary"].schedule is None
    assert resolve_spec(spec.resolved(), registry, spec.file) == spec


def test_all_shipped_specs_have_names_of_their_own(registry):
    assert len(load_all(list(shipped_specs()), registry)) == len(shipped_specs())


def test_the_components_of_a_spec_include_those_inside_options(registry):
    (spec,) = load_specs(["congn"], registry)
    names = {(use.kind, use.name) for use in spec.components("regression")}
    assert ("gate", "gru") in names
    assert {("embedding", "concat"), ("embedding", "gaussian")} <= names
    assert ("loss", "mae") in names
    assert ("loss", "bce") not in names
    assert ("loss", "bce") in {
        (use.kind, use.name) for use in spec.components("binary")
    }
