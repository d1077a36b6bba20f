"""Explaining a change whose causes are known: a trainer that is made up."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ngn_core.attribution import explain as explaining
from ngn_core.attribution.ablation_plan import AttributionOptions, plan_ablation
from ngn_core.attribution.attribution import attribute
from ngn_core.attribution.shapley import coalitions
from ngn_core.comparison.open_run import open_run
from ngn_core.comparison.request import Request
from ngn_core.errors import NGNError
from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.walk_tables import shares_table
from ngn_core.spec.load import load_all

FOLDS, SEEDS = range(5), range(3)
NAMES = ("connectivity", "depth")


@pytest.fixture
def results(trial_result):
    """Return made-up trials whose error is said by a function."""
    predictions = tuple((f"c{i}", 0.0, 0.0) for i in range(20))

    def trials(names, error, *, better="lower", seeds=SEEDS):
        rng = np.random.default_rng(0)
        return [
            trial_result(
                name,
                fold,
                error(changed) + 0.01 * rng.normal(),
                seed=seed,
                better=better,
                predictions=predictions,
                train_size=80,
            )
            for fold in FOLDS
            for seed in seeds
            for changed, name in names.items()
        ]

    return trials


def truth(changed):
    """Two effects that help, and less so together."""
    error = 1.0 - 0.4 * ("connectivity" in changed) - 0.3 * ("depth" in changed)
    return error + 0.2 * (len(changed) == 2)


@pytest.fixture
def named():
    return {changed: "+".join(["A", *sorted(changed)]) for changed in coalitions(NAMES)}


def test_known_effects_and_their_interaction_are_found(named, results):
    found = attribute(named, NAMES, None, [], results(named, truth))
    shares = {share.factors[0]: share for share in found.shares}
    assert shares["connectivity"].mean == pytest.approx(-0.3, abs=0.02)
    assert shares["depth"].mean == pytest.approx(-0.2, abs=0.02)
    assert {share.outcome for share in found.shares} == {"better"}
    interaction = next(e for e in found.effects if len(e.factors) == 2)
    assert interaction.mean == pytest.approx(0.2, abs=0.02)
    assert interaction.interval.low < 0.2 < interaction.interval.high


def test_shares_add_up_to_the_change_of_every_fold(named, results):
    found = attribute(named, NAMES, None, [], results(named, truth))
    for fold in FOLDS:
        total = sum(share.folds[fold] for share in found.shares)
        assert total == pytest.approx(found.total.folds[fold])
    assert sum(share.mean for share in found.shares) == pytest.approx(found.total.mean)


def test_a_change_that_is_none_is_undecided_and_the_floor_is_its_size(named, results):
    still = {**named, frozenset({"null"}): "A+null"}
    values = results(still, lambda changed: 1.0)
    found = attribute(named, NAMES, None, [("A", "A+null")], values)
    assert {share.outcome for share in found.shares} == {"undecided"}
    assert found.floor == pytest.approx(abs(found.nulls[0].mean))
    assert 0 < found.floor < 0.02


def test_where_higher_is_better_a_gain_is_better(named, results):
    found = attribute(named, NAMES, None, [], results(named, truth, better="higher"))
    assert {share.outcome for share in found.shares} == {"worse"}


def test_an_unfinished_fold_is_left_out(named, results):
    every = results(named, truth)
    kept = [r for r in every if not (r.spec == "A" and r.fold == 4 and r.seed == 2)]
    found = attribute(named, NAMES, None, [], kept)
    assert (found.folds, found.seeds) == ((0, 1, 2, 3), (0, 1, 2))


def test_a_hybrid_without_a_score_is_named(named, results):
    kept = [r for r in results(named, truth) if r.spec != "A+depth"]
    with pytest.raises(NGNError, match="A\\+depth has none"):
        attribute(named, NAMES, None, [], kept)


def test_one_seed_has_no_seed_noise_and_one_fold_no_interval(named, results):
    values = [r for r in results(named, truth, seeds=[0]) if r.fold == 0]
    found = attribute(named, NAMES, None, [], values)
    assert found.total.seed is None
    assert found.total.interval is None
    assert found.total.outcome == "undecided"


@pytest.fixture
def request_(tmp_path):
    return Request(
        specs=(),
        dataset="emt_alloys",
        out=tmp_path,
        device="cpu",
        limit=20,
        seeds=2,
    )


@pytest.fixture
def run(request_, registry, silent):
    return open_run(request_, registry, silent)


@pytest.fixture
def ends(tmp_path):
    low, high = tmp_path / "low.yaml", tmp_path / "high.yaml"
    low.write_text(
        "extends: cogn\nname: low\ngraph: {edges: {neighbors: 4}}\nnetwork:\n"
        "  embed: {node: {width: 8}, edge: {width: 8}}\n"
        "  blocks: [{use: cogn, message_layers: 1}]\n"
    )
    high.write_text(
        "extends: low.yaml\nname: high\ngraph: {edges: {neighbors: 6}}\nnetwork:\n"
        "  blocks: [{use: cogn, message_layers: 2}]\n"
    )
    return str(low), str(high)


@pytest.fixture
def trained(monkeypatch, results):
    """A trainer that gives every hybrid the error that the truth says."""

    def compare(request, run):
        names = [spec.name for spec in load_all(request.specs, run.registry)]
        factors = {name: frozenset(NAMES) & {*name.split("+")} for name in names}
        factors |= dict.fromkeys({"high", "high+null"} & {*names}, frozenset(NAMES))
        values = [
            replace(result, spec=name)
            for name, changed in factors.items()
            for result in results({changed: name}, truth)
        ]
        return [SimpleNamespace(lines=[SimpleNamespace(results=values)])]

    monkeypatch.setattr(explaining, "compare", compare)


def test_the_hybrids_are_written_trained_and_explained(
    ends, request_, run, registry, trained
):
    plan, _ = plan_ablation(ends, AttributionOptions(), request_, run)
    assert plan.factors == NAMES
    names = ["low", "low+connectivity", "low+depth", "high", "low+null", "high+null"]
    assert [spec.name for spec in plan.every] == names
    found = explaining.explain(plan, request_, run)
    files = sorted((request_.out / "explain" / "hybrids").iterdir())
    assert [spec.name for spec in load_all(list(map(str, files)), registry)] == names
    shares = {share.factors[0]: share.mean for share in found.attribution.shares}
    assert shares == pytest.approx({"connectivity": -0.3, "depth": -0.2}, abs=0.02)
    assert len(found.attribution.nulls) == 2


@pytest.mark.parametrize(
    ("null_at", "ends_with"),
    [("first", ["low"]), ("last", ["high"]), ("both", ["low", "high"])],
)
def test_the_null_factor_runs_along_at_the_ends_that_are_named(
    ends, request_, run, null_at, ends_with
):
    options = AttributionOptions(null_at=null_at)
    plan, _ = plan_ablation(ends, options, request_, run)
    assert [end.name for end, _ in plan.nulls] == ends_with
    assert all(
        null.graph.options.symmetry != end.graph.options.symmetry
        for end, null in plan.nulls
    )


def test_a_share_of_the_whole_is_told_where_the_whole_is_decided(
    ends, request_, run, registry, trained
):
    plan, _ = plan_ablation(ends, AttributionOptions(), request_, run)
    found = explaining.explain(plan, request_, run)
    found = replace(found, table=SimpleNamespace(dataset="made up", target="e"))
    total = found.attribution.total
    rows = {row[0]: row for row in shares_table(found).rows}
    assert total.outcome == "better"
    assert cell_text(rows["depth"][4], shares_table(found).columns[4]) == "40%"
    undecided = replace(total, outcome="undecided")
    open_ = replace(found, attribution=replace(found.attribution, total=undecided))
    rows = {row[0]: row for row in shares_table(open_).rows}
    assert rows["depth"][4] == ""


def test_equal_scale_divides_by_the_neighbors_of_the_whole_crystal(ends, request_, run):
    # of 4 neighbors with whole shells, a mean of 4 or more; orbits must not lower it
    options = AttributionOptions(match=("scale",))
    plan, _ = plan_ablation(ends, options, request_, run)
    divided = {spec.name: spec.network.blocks[0].divide for spec in plan.specs.values()}
    assert 4 <= divided["low (same scale)"] < divided["high (same scale)"]
    assert divided["low+depth (same scale)"] == divided["low (same scale)"]
