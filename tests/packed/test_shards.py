"""Graphs built in shards, by several processes, and kept in the cache."""

from __future__ import annotations

import pytest
import torch

from ngn_core.packed import graphs as module
from ngn_core.packed.graphs import build_graphs, fill_cache
from ngn_core.packed.packed import join
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs


def nobody(done):
    """Watch nothing."""


def equal(first, second):
    assert first.number == second.number
    assert first.failures == second.failures
    assert first.facts == second.facts
    assert first.graphs is not None
    for one, two in zip(first.graphs.levels, second.graphs.levels, strict=True):
        assert torch.equal(one.start, two.start)
        assert torch.equal(one.multiplicity, two.multiplicity)
        assert (one.index is None) == (two.index is None)
        if one.index is not None:
            assert torch.equal(one.index, two.index)
        for name in one.columns:
            assert torch.equal(one.columns[name], two.columns[name])
    atoms = (built.graphs.crystals["atoms"] for built in (first, second))
    assert torch.equal(*atoms)


@pytest.fixture
def recipe(registry):
    return recipe_of(load_specs(["congn"], registry)[0], registry)


@pytest.fixture
def whole(alloys, recipe):
    return build_graphs(alloys.ids, alloys.crystals, recipe, None, nobody)


@pytest.mark.parametrize("size", [1, 7, 39, 40, 100])
def test_shards_of_any_size_give_the_same_graphs(
    alloys, recipe, whole, tmp_path, monkeypatch, size
):
    monkeypatch.setattr(module, "SHARD", size)
    first = build_graphs(alloys.ids, alloys.crystals, recipe, tmp_path, nobody)
    cached = build_graphs(alloys.ids, alloys.crystals, recipe, tmp_path, nobody)
    equal(whole, first)
    equal(whole, cached)
    assert len(list(tmp_path.iterdir())) == -(-40 // size)


PLUGIN = '''
import ngn_core.api as ngn
from ngn_plugins.graphs.radius import Radius

class Far(Radius):
    """All neighbors within the cutoff."""

    name = "far"

@ngn.hookimpl
def ngn_register_graph_constructors():
    return [Far]
'''


def test_two_processes_give_the_same_graphs_also_by_a_plugin_file(
    alloys, tmp_path, monkeypatch
):
    file = tmp_path / "far.py"
    file.write_text(PLUGIN)
    registry = collect(plugin_manager([file]))
    changes = ["graph.edges={use: far, cutoff: 4.0}"]
    recipe = recipe_of(load_specs(["cogn"], registry, changes)[0], registry)
    whole = build_graphs(alloys.ids, alloys.crystals, recipe, None, nobody)
    monkeypatch.setattr(module, "SHARD", 14)
    monkeypatch.setattr(module, "PARALLEL", 0)
    seen = []
    cache = tmp_path / "cache"
    parallel = build_graphs(
        alloys.ids, alloys.crystals, recipe, cache, seen.append, jobs=2
    )
    equal(whole, parallel)
    assert seen[0] == 0
    assert seen[-1] == 40
    assert seen == sorted(seen)


def test_what_an_interrupted_build_has_finished_is_not_built_again(
    alloys, recipe, tmp_path, monkeypatch
):
    monkeypatch.setattr(module, "SHARD", 10)

    def interrupt(done):
        if done == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_cache(alloys.ids, alloys.crystals, recipe, tmp_path, interrupt)
    seen = []
    built, failures = fill_cache(
        alloys.ids, alloys.crystals, recipe, tmp_path, seen.append
    )
    assert (built, failures) == (20, {})
    assert seen[0] == 20


def test_joined_graphs_batch_like_the_parts(whole):
    graphs = whole.graphs
    parts = [graphs.take(torch.arange(a, b)) for a, b in ((0, 3), (3, 20), (20, 40))]
    joined = join(parts)
    numbers = torch.tensor([39, 0, 5, 5, 21])
    for one, two in zip(
        graphs.batch(numbers).levels, joined.batch(numbers).levels, strict=True
    ):
        assert torch.equal(one.weight, two.weight)
        assert torch.equal(one.crystal, two.crystal)
        assert one.index is None or torch.equal(one.index, two.index)
