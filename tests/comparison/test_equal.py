"""The protocol `equal`: what is the same for all, and what is picked for each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import yaml

from ngn_core.comparison.budget import parse_budget
from ngn_core.comparison.equal import EqualProtocol
from ngn_core.comparison.open_run import open_run
from ngn_core.comparison.session import Request, compare
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.errors import NGNError, SpecError, TrialError
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.store import Store
from ngn_core.spec.load import load_specs

RATES = (1e-3, 1e-2)
SMALL = "network: {embed: {node: {width: 8}}, head: {layers: [8, 1]}}\n"


EQUAL = EqualProtocol(RATES)


@pytest.fixture
def run(tmp_path, registry, silent):
    return Run(registry, Store(tmp_path / "runs"), silent)


@pytest.fixture(scope="module")
def equal_spec(small_spec, registry):
    return EQUAL.lay_out([small_spec], [], registry)[0].with_epochs(2)


def request_of(folder, *specs, **more):
    return Request(
        specs=tuple(specs),
        dataset="emt_alloys",
        out=folder / "runs",
        device="cpu",
        cache=folder / "cache",
        split=SplitChoice("group:2"),
        limit=24,
        protocol=EQUAL,
        budget="steps=2",
        costs="none",
        **more,
    )


def test_two_copies_of_a_spec_get_the_same_results(tmp_path, registry, silent):
    # one of them written with another training: it is the architecture that is copied
    other = (
        "train: {epochs: 900, batch_size: 3, batch_by: edges, loss: mse, "
        "optimizer: {lr: 0.5}}\n"
    )
    for name, training in (("one", ""), ("two", other)):
        text = f"extends: cgcnn\nname: {name}\n{SMALL}{training}"
        (tmp_path / f"{name}.yaml").write_text(text)
    files = [str(tmp_path / f"{name}.yaml") for name in ("one", "two")]
    asked = request_of(tmp_path, *files)
    [table] = compare(asked, open_run(asked, registry, silent))
    lines = {line.spec: line for line in table.lines}
    assert lines.keys() == {"one", "two"}
    assert lines["one"].scores == lines["two"].scores
    assert len({result.model for result in lines["one"].results}) == 1
    for first, second in zip(lines["one"].results, lines["two"].results, strict=True):
        assert (first.fold, first.seed) == (second.fold, second.seed)
        assert first.predictions == second.predictions
        choices = [one.training["choice"] for one in (first, second)]
        assert choices[0]["candidates"] == choices[1]["candidates"]
        del first.training["choice"], second.training["choice"]
        assert first.training == second.training
    for result in lines["two"].results:
        # the resolved spec of the trial says what was used
        train = yaml.safe_load(result.written)["train"]
        assert (train["batch_size"], train["epochs"]) == (64, 2)
        assert train["loss"] == {"use": "mae"}
        assert train["optimizer"]["lr"] == result.training["lr"]
        assert len(result.curve) == 2
        rows = result.training["rows"]
        assert rows["test"] == len(result.predictions)
        assert rows["train"] + rows["inner"] + rows["test"] == table.crystals
        assert rows["inner"] >= 1


def test_the_best_rate_on_the_inner_rows_is_taken(equal_spec, prepared, run):
    found = EQUAL.choose(equal_spec, 0, prepared, parse_budget("epochs=2"), run)
    spec, chosen = found.spec, found.chosen
    assert chosen.budget == "epochs=2"
    scores = {candidate["lr"]: score for candidate, score in chosen.candidates}
    assert list(scores) == list(RATES)
    assert chosen.chosen["lr"] == min(scores, key=scores.get)
    assert spec == equal_spec.with_learning_rate(chosen.chosen["lr"])
    assert chosen.seconds > 0


def test_the_choice_does_not_see_test_labels(equal_spec, prepared, run, tmp_path):
    crystals = prepared.crystals
    _, _, test = crystals.parts(1)
    values = crystals.target.values.copy()
    values[test] = np.random.default_rng(0).permutation(values[test]) * 9.0
    target = replace(crystals.target, values=values)
    other = replace(prepared, crystals=replace(crystals, target=target))
    elsewhere = replace(run, store=Store(tmp_path / "elsewhere"))
    one = EQUAL.choose(equal_spec, 1, prepared, None, run).chosen
    two = EQUAL.choose(equal_spec, 1, other, None, elsewhere).chosen
    assert (one.candidates, one.chosen) == (two.candidates, two.chosen)


def test_a_second_call_picks_from_what_is_stored(equal_spec, prepared, run, reporter):
    first = EQUAL.choose(equal_spec, 0, prepared, None, run)
    again = EQUAL.choose(equal_spec, 0, prepared, None, replace(run, reporter=reporter))
    assert again == first
    assert not reporter.told


def test_where_no_rate_trains_the_reason_is_said(equal_spec, prepared, run):
    with pytest.raises(TrialError, match=r"no learning rate .* 1e\+30: .*loss became"):
        EqualProtocol((1e30,)).choose(equal_spec, 0, prepared, None, run)


def test_all_specs_have_one_training_but_for_their_optimizer(registry):
    loaded = load_specs(["alignn", "congn", "schnet", "literal/cgcnn"], registry)
    specs = EQUAL.lay_out(loaded, [], registry)
    for task in ("regression", "binary"):
        own = {"epochs": None, "optimizer": None, "average": None}
        kept = [{**spec.train[task].resolved(), **own} for spec in specs]
        assert all(one == kept[0] for one in kept)
    for spec, before in zip(specs, loaded, strict=True):
        own = before.train["regression"].optimizer
        assert spec.train["regression"].optimizer.name == own.name
        assert spec.network.resolved() == before.network.resolved()


def test_what_set_says_is_said_for_all(registry):
    said = ["train.batch_size=8", "train.schedule.stop=0.1", "train.schedule=cosine"]
    loaded = load_specs(["cogn", "cgcnn"], registry, said)
    for spec in EQUAL.lay_out(loaded, said, registry):
        options = spec.train["regression"]
        assert (options.batch_size, options.validation) == (8, 0.1)


def test_a_learning_rate_of_set_contradicts_the_choice(small_spec, registry):
    with pytest.raises(NGNError, match="--learning-rates"):
        EQUAL.lay_out([small_spec], ["train.optimizer.lr=1"], registry)


def test_an_optimizer_without_a_rate_is_refused(small_spec):
    options = small_spec.train["regression"]
    use = replace(options.optimizer, options=small_spec.reference)
    train = {"regression": options.model_copy(update={"optimizer": use})}
    with pytest.raises(SpecError, match="optimizer with the option lr"):
        replace(small_spec, train=train).with_learning_rate(0.1)


def test_equal_needs_a_budget(tmp_path, registry, silent):
    asked = replace(request_of(tmp_path, "cgcnn"), budget=None)
    with pytest.raises(NGNError, match="expected --budget epochs=N"):
        compare(asked, open_run(asked, registry, silent))
