"""Hybrids: every one can be built, and what cannot be parted goes together."""

from __future__ import annotations

import pytest

from ngn_core.attribution.factors import factors_between
from ngn_core.attribution.hybrids import hybrids_between, null_of
from ngn_core.attribution.matching import _of_size, _parameters, _scaled
from ngn_core.errors import NGNError
from ngn_core.network.build import build_network
from ngn_core.spec.load import load_specs


@pytest.fixture(scope="module")
def between(registry):
    def made(first, last, groups=()):
        specs = load_specs([first, last], registry)
        return hybrids_between(*specs, "regression", registry, groups)

    return made


@pytest.fixture(scope="module")
def from_cgcnn(between):
    return between("cgcnn", "cogn", ["connectivity", "embedding", "message+depth"])


def test_factors_nobody_named_are_one_more(from_cgcnn):
    names = [factor.name for factor in from_cgcnn.factors]
    assert names == ["connectivity", "embedding", "message+depth", "readout+training"]


def test_every_hybrid_takes_its_factors_from_the_last_spec(from_cgcnn, registry):
    first, last = load_specs(["cgcnn", "cogn"], registry)
    assert len(from_cgcnn.specs) == 16
    for changed, spec in from_cgcnn.specs.items():

        def of(name, changed=changed):
            return last if name in changed else first

        assert spec.graph.edges == of("connectivity").graph.edges
        embed = of("embedding").network.embed
        assert spec.network.embed["node"] == embed["node"]
        assert spec.network.blocks == of("message+depth").network.blocks
        assert spec.network.readout == of("readout+training").network.readout
        assert spec.train == of("readout+training").train
        build_network(spec)


def test_the_ends_are_the_specs_themselves(from_cgcnn, registry):
    first, last = load_specs(["cgcnn", "cogn"], registry)
    names = frozenset(factor.name for factor in from_cgcnn.factors)
    assert from_cgcnn.specs[frozenset()] == first
    assert from_cgcnn.specs[names] == last


def test_names_say_what_was_taken_and_are_distinct(from_cgcnn):
    names = [spec.name for spec in from_cgcnn.specs.values()]
    assert len(set(names)) == 16
    assert "CGCNN+connectivity+message+depth" in names


def test_depth_is_the_number_of_blocks_of_other_functions(between):
    hybrids = between("cgcnn", "cogn", ["depth"])
    (block,) = hybrids.specs[frozenset({"depth"})].network.blocks
    assert (block.use.name, block.repeat) == ("cgcnn", 5)


def test_depth_is_the_layers_too_of_the_same_function(registry):
    deep = load_specs(["cogn"], registry)[0]
    flat = load_specs(["cogn"], registry, ["network.blocks.0.message_layers=1"])[0]
    (factor,) = factors_between(flat, deep, "regression")
    (difference,) = factor.differences
    assert factor.name == "depth"
    assert difference.key == "network.blocks.0.message_layers"
    assert (difference.before, difference.after) == (1, 5)


@pytest.mark.parametrize(
    ("first", "factors", "last", "reason"),
    [
        ("schnet", ("embedding", "message"), "cogn", "a basis to make its filter of"),
        ("megnet", ("embedding", "message"), "cogn", "node, edge and state of width"),
        (
            "cogn",
            ("connectivity", "embedding"),
            "congn",
            "reads the edge column 'area'",
        ),
    ],
)
def test_what_cannot_be_parted_goes_together_with_the_reason(
    between, first, factors, last, reason
):
    (merge,) = between(first, last, factors).merges
    assert merge.factors == factors
    assert reason in merge.reason


def test_a_depth_that_is_none_of_the_blocks_goes_with_them(between):
    hybrids = between("alignn", "m3gnet", ["embedding+message", "depth"])
    assert len(hybrids.specs) == 2 ** len(hybrids.factors) == 4
    assert "one block of each kind" in hybrids.merges[0].reason


def test_equal_specs_have_nothing_to_explain(registry):
    (spec,) = load_specs(["cogn"], registry)
    with pytest.raises(NGNError, match="do not differ"):
        factors_between(spec, spec, "regression")


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (["depht"], "Did you mean 'depth'"),
        (["cell"], "the specs do not differ in it"),
        (["depth", "depth+message"], "depth is named twice"),
    ],
)
def test_groups_that_cannot_be_are_told(between, groups, said):
    with pytest.raises(NGNError, match=said):
        between("cgcnn", "cogn", groups)


def test_the_null_factor_changes_the_symmetry_alone(registry):
    (spec,) = load_specs(["cogn"], registry)
    null = null_of(spec, registry)
    assert (spec.graph.options.symmetry, null.graph.options.symmetry) == (
        "orbits",
        "none",
    )
    assert (null.network, null.train) == (spec.network, spec.train)


def test_directions_have_no_null_factor(registry):
    (spec,) = load_specs(["painn"], registry)
    assert null_of(spec, registry) is None


def test_widths_are_scaled_until_the_sizes_are_equal(registry):
    cgcnn, cogn = load_specs(["cgcnn", "cogn"], registry)
    wanted = _parameters(cgcnn)
    made, said = _of_size(cogn, wanted, registry)
    assert _parameters(made) == pytest.approx(wanted, rel=0.1)
    assert made.network.blocks[0].use.options.message_layers == 5
    assert said.endswith(f"of {wanted:,} wanted")


def test_sums_are_divided_and_means_are_not(registry):
    cogn, megnet = load_specs(["cogn", "megnet"], registry)
    made, _ = _scaled(cogn, [24.0], registry)
    assert [block.divide for block in build_network(made).blocks] == [24.0] * 5
    kept, said = _scaled(megnet, [24.0], registry)
    assert {block.divide for block in build_network(kept).blocks} == {1.0}
    assert "megnet aggregates in its own way" in said
