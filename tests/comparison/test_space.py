"""The space of a study: read with lines and suggestions, tried on the spec."""

from __future__ import annotations

import pytest

from ngn_core.comparison.space import (
    check_space,
    default_space,
    own_values,
    read_space,
    with_values,
)
from ngn_core.errors import SpecError
from ngn_core.spec.load import load_specs


@pytest.fixture
def space(tmp_path):
    def write(text):
        file = tmp_path / "space.yaml"
        file.write_text(text)
        return file

    return write


def test_lists_and_ranges_are_read(space):
    rates = "train.optimizer.lr: {min: 1e-4, max: 1e-2, log: true}\n"
    found = read_space(space(f"{rates}train.loss: [mae, mse]\n"))
    assert [one.values for one in found] == [(1e-4, 1e-2), ("mae", "mse")]
    assert found[0].log
    assert found[0].holds(1e-3)
    assert not found[1].holds("huber")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("trian.epochs: [1, 2]", "space.yaml:1: trian.epochs: .*Did you mean 'train'?"),
        ("name: [a, b]", "a key inside of graph, network or train"),
        ("\ntrain.epochs: [3]", "space.yaml:2: .*a list of two values or more"),
        ("train.epochs: [3, 3]", "all different"),
        ("train.epochs: 3", "found 3; expected a list"),
        ("train.epochs: {min: 3}", "a list of two values or more, or a range"),
        ("train.epochs: {min: 3, max: 3}", "min below max"),
        ("train.epochs: {min: 1, max: .inf}", "or a range"),
        ("train.epochs: {min: true, max: 3}", "or a range"),
        ("train.epochs: {min: 1, mx: 3}", "unknown key 'mx'.*Did you mean 'max'?"),
        ("train.epochs: {min: 0, max: 3, log: true}", "min above 0"),
        ("", "an empty file"),
    ],
)
def test_mistakes_have_a_line_and_a_remedy(space, text, sentence):
    with pytest.raises(SpecError, match=f"(?s){sentence}"):
        read_space(space(text))


def test_every_key_and_value_is_tried_on_the_spec(space, small_spec, registry):
    text = """train.optimiser.lr: [0.1, 0.2]
network.blocks.0.repeet: [1, 2]
graph.edges.neighbors: [8, -3]
train.epochs: {min: 0, max: 5}
train.batch_size: [8, 16]
"""
    with pytest.raises(SpecError) as error:
        check_space(read_space(space(text)), small_spec, "regression", registry)
    told = [str(one).partition("space.yaml:")[2] for one in error.value.problems]
    assert [one[0] for one in told] == ["1", "2", "3", "4"]
    assert "Did you mean 'optimizer'?" in told[0]
    assert "Did you mean 'repeat'?" in told[1]
    assert "found -3" in told[2]


def test_values_are_those_of_the_task_at_hand(registry):
    [spec] = load_specs(["congn"], registry)
    made = with_values(spec, "binary", {"train.epochs": 7}, registry)
    assert made.train["binary"].epochs == 7
    assert made.train["binary"].loss.name == "bce"
    made = with_values(spec, "regression", {"train.optimizer.lr": 0.1}, registry)
    assert made.train["regression"].optimizer.options.lr == 0.1
    assert made.network == spec.network


@pytest.mark.parametrize("name", ["cgcnn", "cogn", "painn", "dimenetpp"])
def test_the_default_space_is_around_the_spec_s_own_values(name, registry):
    [spec] = load_specs([name], registry)
    space = default_space(spec, "regression", registry, budgeted=False)
    own = own_values(spec, "regression", space)
    assert {"train.optimizer.lr", "train.batch_size", "train.epochs"} <= own.keys()
    assert all(one.holds(own[one.key]) for one in space)
    budgeted = default_space(spec, "regression", registry, budgeted=True)
    keys = {one.key for one in budgeted}
    assert not keys & {"train.batch_size", "train.epochs"}
