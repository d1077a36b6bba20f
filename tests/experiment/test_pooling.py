"""Which pooling a target wants, and what is refused by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ngn_core.dataset.dataset import Target
from ngn_core.errors import SpecError
from ngn_core.experiment.pooling import with_pooling
from ngn_core.network.build import build_network
from ngn_core.spec.load import load_specs, resolve_spec

ATOMWISE = "network.readout={use: atomwise, layers: [8, 1], activation: silu, pool: %s}"
SET2SET = "network.readout={use: set2set, pool: %s}"
PER_CELL = Target("eV/cell", per="cell")
INTENSIVE = [
    Target(),
    Target(per="atom"),
    Target(per="none"),
    Target(per="formula_unit"),
    Target(per="cell", transform="log10"),
]


@pytest.fixture
def pool(alloys, registry):
    """Return a function: the spec with that readout, for a target declared so."""

    def call(readout, declared, crystals=alloys):
        head = ["network.head=null"] if "atomwise" in readout else []
        spec = load_specs(["cgcnn"], registry, [readout, *head])[0]
        target = replace(crystals.target, declared=declared)
        return with_pooling([spec], replace(crystals, target=target), registry)[0]

    return call


@pytest.fixture
def of_one_size(alloys):
    size = len(alloys.crystals[0].species)
    kept = [i for i, crystal in enumerate(alloys.crystals) if len(crystal.frac) == size]
    assert 1 < len(kept) < len(alloys)
    return replace(alloys, crystals=tuple(alloys.crystals[i] for i in kept))


@pytest.mark.parametrize("readout", ["network.readout=as_target", ATOMWISE, SET2SET])
def test_as_target_is_the_mean_or_the_sum_that_the_target_wants(pool, readout):
    readout = readout % "as_target" if "%" in readout else readout
    for declared in INTENSIVE:
        spec = pool(readout, declared)
        assert not build_network(spec).readout.extensive
        assert said(spec) == "mean"
    spec = pool(readout, PER_CELL)
    assert build_network(spec).readout.extensive
    assert said(spec) == "sum"


def said(spec):
    """Return the pooling that a stored spec says."""
    plain = spec.resolved()["network"]["readout"]
    return plain.get("pool", plain["use"])


def test_every_shipped_spec_follows_its_target(alloys, registry):
    specs = load_specs(["cgcnn", "cogn", "megnet", "schnet"], registry)
    for declared, extensive in ((Target(), False), (PER_CELL, True)):
        target = replace(alloys.target, declared=declared)
        pooled = with_pooling(specs, replace(alloys, target=target), registry)
        found = [build_network(spec).readout.extensive for spec in pooled]
        assert found == [extensive] * 4


@pytest.mark.parametrize(
    "readout", ["network.readout=sum", ATOMWISE % "sum", SET2SET % "sum"]
)
@pytest.mark.parametrize("declared", INTENSIVE[1:])
def test_a_sum_of_what_does_not_grow_is_refused(pool, readout, declared):
    with pytest.raises(SpecError, match=r"network\.readout: found .*, a sum over .*"):
        pool(readout, declared)


@pytest.mark.parametrize(
    "readout", ["network.readout=mean", ATOMWISE % "mean", SET2SET % "mean"]
)
def test_a_mean_of_what_grows_is_refused_where_cells_differ(
    pool, readout, alloys, of_one_size
):
    with pytest.raises(SpecError, match="per: cell does, and cells differ in size"):
        pool(readout, PER_CELL)
    assert said(pool(readout, PER_CELL, of_one_size)) == "mean"


def test_what_is_written_out_is_allowed_and_stored(pool, registry):
    spec = pool("network.readout={use: sum, against_target: true}", Target(per="atom"))
    written = spec.resolved()
    assert written["network"]["readout"] == {"use": "sum", "against_target": True}
    again = resolve_spec(written, registry, "stored")
    assert again.network.against_target
    assert again.resolved() == written
    pool("network.readout={use: mean, against_target: true}", PER_CELL)


def test_a_sum_of_what_nobody_declared_is_as_it_was(pool):
    assert said(pool("network.readout=sum", Target())) == "sum"


def test_a_class_does_not_grow_with_the_cell(alloys, registry):
    specs = load_specs(["cgcnn"], registry)
    target = replace(alloys.target, task="binary", declared=Target(per="cell"))
    (spec,) = with_pooling(specs, replace(alloys, target=target), registry)
    assert said(spec) == "mean"


def test_all_refused_specs_are_named_at_once(alloys, registry):
    specs = [
        *load_specs(["cgcnn"], registry, ["network.readout=sum", "name=One"]),
        *load_specs(["schnet"], registry, ["network.readout.pool=sum", "name=Two"]),
        *load_specs(["cogn"], registry),
    ]
    target = replace(alloys.target, declared=Target(per="none"))
    with pytest.raises(SpecError) as caught:
        with_pooling(specs, replace(alloys, target=target), registry)
    assert len(caught.value.problems) == 2


def test_against_target_is_true_or_false(registry):
    with pytest.raises(SpecError, match="against_target: found 'yes'; expected true"):
        load_specs(
            ["cgcnn"], registry, ["network.readout={use: sum, against_target: yes}"]
        )
