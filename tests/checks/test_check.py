"""Right networks obey every law; a wrong one breaks the law that it should."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from ngn_core.checks.check import check
from ngn_core.checks.equivalent_cells import EQUIVALENT_CELLS
from ngn_core.checks.exempt import ASYMMETRIC, CELL, ONCE, ORBITS, SINGLES, VACUUM
from ngn_core.checks.laws import GRADIENTS, OUTPUTS, STATISTICS, STORED, TRAINED
from ngn_core.dataset.crystal_set import Skipped
from ngn_core.errors import DatasetError
from ngn_core.report.check import check_as_json
from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_specs

SHIPPED = [name for name in shipped_specs() if "/" not in name and name != "painn"]


def broken(found):
    return {(line.law, line.what) for line in found.lines if line.verdict == "broken"}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_specs_obey_every_law(name, few, registry):
    (spec,) = load_specs([name], registry)
    found = check(spec, few, with_self_test=name == "cgcnn")
    assert found.passed, found.lines
    assert not found.unbuilt
    assert found.crystals == len(few)
    for line in found.lines:
        assert line.verdict in ("holds", "reported")
        assert line.law == VACUUM or line.crystals == len(few)
        assert line.deviation is None or line.deviation < 1e-9
    laws = {line.law for line in found.lines}
    assert laws == {*EQUIVALENT_CELLS, CELL, SINGLES, VACUUM, ASYMMETRIC, ORBITS, ONCE}
    none, asymmetric, orbits = (
        found.sizes[f"symmetry: {which}"] for which in ("none", "asymmetric", "orbits")
    )
    assert none["node"] > asymmetric["node"] == orbits["node"]
    assert none["edge"] > asymmetric["edge"] > orbits["edge"]


def test_an_equivariant_spec_obeys_the_laws_that_are_not_of_quotients(few, registry):
    (spec,) = load_specs(["painn"], registry)
    found = check(spec, few)
    assert found.passed, found.lines
    verdicts = {line.law: line.verdict for line in found.lines}
    exempt = dict.fromkeys((ASYMMETRIC, ORBITS, ONCE), "exempt")
    holding = dict.fromkeys((*EQUIVALENT_CELLS, CELL, SINGLES), "holds")
    assert verdicts == {**holding, **exempt, VACUUM: "reported"}


def test_a_network_without_a_mistake_passes(mistaken, few):
    found = check(mistaken(), few)
    assert found.passed
    assert found.spread > 0


@pytest.mark.parametrize(
    ("mistake", "law", "what"),
    [
        ("unweighted sum", ORBITS, OUTPUTS),
        ("unweighted loss of gradient", ORBITS, GRADIENTS),
        ("plain batch norm", ASYMMETRIC, TRAINED),
        ("plain batch norm", ORBITS, STATISTICS),
        ("direction", "rotation", OUTPUTS),
        ("direction", ORBITS, OUTPUTS),
        ("order", "permutation", OUTPUTS),
        ("neighbors in the batch", SINGLES, OUTPUTS),
    ],
)
def test_a_mistake_breaks_its_law(mistake, law, what, mistaken, few):
    found = check(mistaken(mistake), few)
    assert not found.passed
    assert (law, what) in broken(found)


def test_a_mistake_breaks_no_law_that_has_nothing_to_do_with_it(mistaken, few):
    alone = broken(check(mistaken("plain batch norm"), few))
    assert {law for law, _ in alone} == {ASYMMETRIC, ORBITS}
    assert OUTPUTS not in {what for _, what in alone}
    assert broken(check(mistaken("unweighted sum"), few)) == {
        (ORBITS, what) for what in (OUTPUTS, TRAINED, GRADIENTS)
    }


def test_constant_outputs_fail(mistaken, few):
    found = check(mistaken("constant"), few)
    assert not found.passed
    assert any("nearly constant over 8 crystals" in said for said in found.problems)


def test_outputs_that_are_no_numbers_fail_and_are_null_in_json(mistaken, few):
    found = check(mistaken("not a number"), few)
    assert not found.passed
    assert any("not finite" in said for said in found.problems)
    told = json.loads(check_as_json(found), parse_constant=pytest.fail)
    assert told["spread"] is None


def test_what_is_random_in_training_is_said(mistaken, few):
    found = check(mistaken("random"), few)
    assert any("two equal steps of training differ" in said for said in found.problems)
    assert check(mistaken("dropout"), few).passed


def test_an_extensive_readout_is_compared_by_atom_if_it_says_so(
    mistaken, few, registry
):
    assert check(mistaken(readout="sum"), few).passed
    assert broken(check(mistaken(readout="tally"), few)) == {("supercell", OUTPUTS)}
    (spec,) = load_specs(["schnet"], registry, ["network.readout.pool=sum"])
    assert check(spec, few).passed


def test_what_a_head_makes_of_a_sum_grows_with_the_cell_too(few, registry):
    # a biased MLP: of the sum itself a doubled cell would not give twice as much
    (spec,) = load_specs(["cgcnn"], registry, ["network.readout=sum"])
    assert check(spec, few).passed


def test_crystals_whose_edges_change_are_counted(mistaken, few):
    found = check(mistaken(edges={"use": "frame"}), few)
    assert not found.passed
    assert found.share > 0.5
    assert "rotation" in next(iter(found.changed.values()))
    assert any("expected at most 1%" in said for said in found.problems)


def test_closing_the_edges_mends_a_careless_constructor(mistaken, few):
    # it draws other edges in another order of sites; on those that stay the laws hold
    found = check(mistaken(edges={"use": "halved"}), few)
    lines = {(line.law, line.what): line for line in found.lines}
    assert lines[ORBITS, OUTPUTS].verdict == "holds"
    assert lines[ONCE, STORED].verdict == "holds"


@pytest.mark.parametrize("state", ["{use: number}", "{use: label, labels: [a, b]}"])
def test_a_state_of_the_dataset_is_drawn(state, few, registry):
    assign = f"network.embed.state.of={state}"
    (spec,) = load_specs(["megnet"], registry, [assign])
    assert check(spec, few).passed


# exempt -------------------------------------------------------------------------------


def exempt(found):
    return {line.law: line.note for line in found.lines if line.verdict == "exempt"}


def test_a_literal_spec_is_exempt_and_measured(mistaken, few):
    found = check(mistaken(closure="literal", symmetry="none"), few)
    assert set(exempt(found)) == {*EQUIVALENT_CELLS, CELL, ASYMMETRIC, ORBITS, ONCE}
    assert "closure: literal" in exempt(found)["rotation"]
    assert {line.law for line in found.lines if line.verdict == "holds"} == {SINGLES}
    rotation = next(line for line in found.lines if line.law == "rotation")
    assert rotation.deviation is not None


def test_a_hook_with_directions_is_exempt_from_quotients_alone(mistaken, few):
    found = check(mistaken(use="directed", symmetry="none"), few, with_self_test=True)
    assert found.passed
    assert set(exempt(found)) == {ASYMMETRIC, ORBITS, ONCE}
    assert "directed uses directions" in exempt(found)[ORBITS]
    wrong = mistaken("direction", use="directed", symmetry="none")
    assert ("rotation", OUTPUTS) in broken(check(wrong, few))


def test_raw_crystals_are_exempt_from_what_symmetry_alone_gives(mistaken, few):
    found = check(mistaken(idealize=False, symmetry="none"), few)
    assert found.passed
    assert set(exempt(found)) == {CELL, ASYMMETRIC, ORBITS, ONCE}


# crystals -----------------------------------------------------------------------------


def test_crystals_without_a_graph_are_listed_and_do_not_fail(mistaken, few):
    crystal = few.crystals[0]
    doubled = replace(
        crystal,
        frac=np.concatenate([crystal.frac, crystal.frac[:1] + 1e-3]),
        species=(*crystal.species, crystal.species[0]),
    )
    mixed = replace(
        few,
        ids=(*few.ids, "on top"),
        where=(*few.where, "here"),
        crystals=(*few.crystals, doubled),
        skipped=(Skipped("unread", "there", "no lattice"),),
    )
    found = check(mistaken(), mixed)
    assert found.passed
    assert found.crystals == len(few)
    assert found.unbuilt["unread"] == "no lattice"
    assert "apart" in found.unbuilt["on top"]


def test_without_any_graph_there_is_nothing_to_check(mistaken, few):
    with pytest.raises(DatasetError, match="none of 8 crystals"):
        check(mistaken(edges={"use": "radius", "cutoff": 0.6}), few)


def test_one_crystal_is_too_few(mistaken, few):
    alone = replace(
        few, ids=few.ids[:1], where=few.where[:1], crystals=few.crystals[:1]
    )
    found = check(mistaken(), alone)
    assert any("the laws need two" in said for said in found.problems)


def test_more_vacuum_is_reported_and_never_fails(mistaken, shared, mistaken_registry):
    from ngn_core.dataset.open import open_dataset
    from ngn_core.dataset.select import select

    table = open_dataset(str(shared / "data" / "matbench_jdft2d"), mistaken_registry)
    layers = select(table, None, limit=4)
    found = check(mistaken(edges={"use": "voronoi"}), layers)
    (line,) = (line for line in found.lines if line.law == VACUUM)
    assert line.crystals == 4
    assert line.verdict == "reported"
    assert line.deviation > found.tolerance  # edges across the vacuum
    assert not broken(found)
