"""Graphs of a set of crystals come from the cache if nothing that matters changed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays
from ngn_core.packed import graphs
from ngn_core.packed import recipe as module
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.load import load_specs

NEEDS = {
    "node": frozenset({"atomic_number"}),
    "edge": frozenset({"length"}),
    "state": frozenset({"state"}),
}


def rock_salt(edge):
    half = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    frac = np.array([*half, *(np.array(half) + [0.5, 0, 0])])
    return from_arrays(np.eye(3) * edge, ["Na"] * 4 + ["Cl"] * 4, frac)


def overlapping():
    return from_arrays(np.eye(3) * 4, ["Na", "Na"], [[0, 0, 0], [1e-4, 0, 0]])


CRYSTALS = {
    "small": rock_salt(5.0),
    "bad": overlapping(),
    "large": rock_salt(6.0),
    "P": from_arrays(np.eye(3) * 3.35, ["Po"], [[0, 0, 0]]),
}


@pytest.fixture
def recipe(registry):
    def make(*assignments, needs=NEEDS, name="cgcnn"):
        spec = load_specs([name], registry, assignments)[0]
        return GraphRecipe.of(spec.graph, needs, registry)

    return make


@pytest.fixture
def build(tmp_path):
    def run(recipe, crystals=CRYSTALS, cache=tmp_path):
        told = []
        built = build_graphs(
            list(crystals), list(crystals.values()), recipe, cache, told.append
        )
        assert told[-1] == len(crystals)
        return built, len(told) > 1

    return run


def test_the_cache_gives_back_what_was_built(recipe, build, tmp_path):
    built, fresh = build(recipe())
    again, fresh_again = build(recipe())
    without, _ = build(recipe(), cache=None)
    assert (fresh, fresh_again) == (True, False)
    assert len(list(tmp_path.iterdir())) == 1
    for other in (again, without):
        assert other.number == built.number == {"small": 0, "large": 1, "P": 2}
        assert list(other.failures) == ["bad"]
        assert other.failures == built.failures
        assert other.facts == built.facts
        for level, same in zip(built.graphs.levels, other.graphs.levels, strict=True):
            for name in level.columns:
                assert torch.equal(level.columns[name], same.columns[name])
            assert torch.equal(level.start, same.start)
            assert torch.equal(level.multiplicity, same.multiplicity)
        assert torch.equal(built.graphs.crystals["atoms"], torch.tensor([8.0, 8, 1]))
    assert again.seconds == built.seconds


def test_only_what_the_network_reads_is_kept(recipe, build):
    built, _ = build(recipe())
    node, edge = built.graphs.levels
    assert (set(node.columns), set(edge.columns)) == ({"atomic_number"}, {"length"})
    needs = {**NEEDS, "edge": frozenset({"length", "vector"})}
    built, fresh = build(recipe(needs=needs))
    assert fresh
    assert built.graphs.levels[1].columns["vector"].shape[1] == 3


@pytest.mark.parametrize("cached", [True, False])
def test_crystals_none_of_which_becomes_a_graph(recipe, build, cached, tmp_path):
    cache = tmp_path if cached else None
    for _ in range(2):
        built, _ = build(recipe(), {"bad": overlapping()}, cache)
        assert built.graphs is None
        assert list(built.failures) == ["bad"]
        assert not built.number


def test_a_damaged_cache_is_built_anew(recipe, build, tmp_path):
    built, _ = build(recipe())
    file = next(tmp_path.glob("*/level1.column.length.npy"))
    file.write_bytes(file.read_bytes()[:-8])
    again, fresh = build(recipe())
    assert fresh
    for one, two in zip(built.graphs.levels, again.graphs.levels, strict=True):
        assert torch.equal(one.multiplicity, two.multiplicity)
    assert not build(recipe())[1]


CHANGES = [
    "graph.symmetry=none",
    "graph.cell=given",
    "graph.symprec=2.0e-3",
    "graph.angle_tolerance=5",
    "graph.max_shift=0.1",
    "graph.max_strain=0.1",
    "graph.on_large_shift=error",
    "graph.vacuum=10.0",
    "graph.finder=spglib",
    "graph.on_symmetry_failure=p1",
    "graph.nest=[{use: receiver}]",
    "graph.edges.neighbors=13",
    "graph.edges.tolerance=2.0e-2",
    "graph.edges={use: radius, cutoff: 5.0}",
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_graph_option_is_another_recipe(recipe, change):
    assert recipe(change).digest() != recipe().digest()


def test_every_graph_option_is_part_of_the_digest(recipe):
    assert set(recipe().graph.resolved()) == {*GraphOptions.model_fields, "edges"}


def test_every_recipe_has_a_digest_of_its_own(recipe):
    others = [
        recipe(needs={**NEEDS, "edge": frozenset({"length", "vector"})}),
        recipe(needs={**NEEDS, "node": frozenset({"atomic_number", "charge"})}),
        replace(recipe(), origin="ngn 0.0.0"),
        *(recipe(change) for change in CHANGES),
    ]
    assert len({other.digest() for other in [recipe(), *others]}) == len(others) + 1


def test_what_does_not_change_a_graph_does_not_change_the_recipe(recipe):
    same = [
        recipe("network.embed.node.width=8", "train.epochs=3"),
        recipe(needs={**NEEDS, "state": frozenset()}),
        recipe(needs=dict(reversed(NEEDS.items()))),
    ]
    assert {other.digest() for other in same} == {recipe().digest()}


def test_the_core_s_results_version_is_part_of_the_digest(recipe, monkeypatch):
    before = recipe().digest()
    monkeypatch.setattr(module, "RESULTS_VERSION", module.RESULTS_VERSION + 1)
    assert recipe().digest() != before


def other_crystals():
    crystal = CRYSTALS["small"]
    moved = crystal.frac.copy()
    moved[3, 1] += 1e-12
    strained = crystal.lattice.copy()
    strained[0, 0] += 1e-12
    species = (*crystal.species[:-1], ((35, 1.0),))
    magnetic = {"spin": np.arange(8.0)}
    yield "a coordinate", {"small": replace(crystal, frac=moved)}
    yield "the lattice", {"small": replace(crystal, lattice=strained)}
    yield "an element", {"small": replace(crystal, species=species)}
    yield "a column", {"small": replace(crystal, columns=magnetic)}
    yield (
        "a column's value",
        {"small": replace(crystal, columns={"spin": np.ones(8)})},
    )
    yield "an id", {"tiny": crystal}
    yield "one more", {"small": crystal, "P": CRYSTALS["P"]}


def digest(crystals, recipe):
    return graphs._digest(list(crystals), list(crystals.values()), recipe)


def test_other_crystals_are_other_graphs(recipe):
    small = {"small": CRYSTALS["small"]}
    spins = recipe(needs={**NEEDS, "node": NEEDS["node"] | {"spin"}})
    digests = {"": digest(small, recipe())}
    for name, crystals in other_crystals():
        digests[name] = digest(crystals, spins if "column" in name else recipe())
    digests["a recipe"] = digest(small, recipe("graph.cell=given"))
    digests["order"] = digest(
        {"P": CRYSTALS["P"], "small": CRYSTALS["small"]}, recipe()
    )
    assert len(set(digests.values())) == len(digests)


def test_the_same_crystals_in_another_layout_are_the_same(recipe):
    crystal = CRYSTALS["small"]
    other = Crystal(
        np.asfortranarray(crystal.lattice),
        np.asfortranarray(crystal.frac),
        crystal.species,
    )
    one, two = ({"small": each} for each in (crystal, other))
    assert digest(one, recipe()) == digest(two, recipe())


FRESH = """
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.load import load_specs
registry = collect(plugin_manager())
needs = {"node": frozenset({"atomic_number"}), "edge": frozenset({"vector", "length"})}
graph = load_specs(["cgcnn"], registry)[0].graph
print(GraphRecipe(graph, needs, "ngn").digest())
"""


def test_another_process_finds_the_same_digest(recipe):
    # sets and dicts may come in another order there
    needs = {**NEEDS, "edge": frozenset({"length", "vector"})}
    here = GraphRecipe(recipe().graph, recipe(needs=needs).columns, "ngn")
    found = subprocess.run(
        [sys.executable, "-c", FRESH], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == here.digest()


def test_a_cache_that_cannot_be_written_is_named_in_a_sentence(recipe, build, tmp_path):
    place = tmp_path / "cache"
    place.write_text("a file, not a folder")
    with pytest.raises(OSError, match="cannot write the graphs to"):
        build(recipe(), cache=place)
