"""Every corruption of a graph is caught, and by what."""

from __future__ import annotations

import numpy as np
import pytest

from ngn_core.checks.exempt import ONCE, ORBITS
from ngn_core.checks.graphs import Graphs
from ngn_core.checks.laws import OUTPUTS, STORED
from ngn_core.checks.mutation_test import run_mutation_test
from ngn_core.checks.mutations import MUTATIONS, drop_an_edge, swapping_matters
from ngn_core.spec.load import load_specs


@pytest.fixture
def named(few):
    return dict(zip(few.ids[:6], few.crystals[:6], strict=True))


def test_each_corruption_changes_outputs_and_counts(mistaken, named):
    found = run_mutation_test(mistaken(), named, 0, 1e-6)
    assert [caught.corruption for caught in found] == list(MUTATIONS)
    for caught in found:
        assert caught.passed
        assert caught.laws[f"{ORBITS} ({OUTPUTS})"] > 1e-3
    for caught in found[:2]:
        assert f"{ONCE} ({STORED})" in caught.laws


def test_nothing_is_caught_by_a_network_that_sees_nothing_and_no_counting(
    mistaken, named, monkeypatch
):
    monkeypatch.setattr(
        "ngn_core.checks.laws.Laws.compare_counts", lambda *values: None
    )
    found = run_mutation_test(mistaken("constant"), named, 0, 1e-6)
    assert not any(caught.passed for caught in found)


def test_a_literal_spec_is_tested_where_a_rotation_changes_nothing(mistaken, named):
    found = run_mutation_test(
        mistaken(closure="literal", symmetry="none"), named, 0, 1e-6
    )
    assert all(caught.passed for caught in found)
    for caught in found[:2]:
        assert caught.laws["rotation (outputs)"] > 1e-3


def test_swapping_the_ends_of_a_symmetric_edge_set_is_no_mistake(mistaken, named):
    spec = mistaken(
        use="directed", symmetry="none", edges={"use": "radius", "cutoff": 4.0}
    )
    *others, swap = run_mutation_test(spec, named, 0, 1e-6)
    assert all(caught.laws for caught in others)
    assert swap.immaterial
    graphs = Graphs(spec, {}, 0)
    assert not swapping_matters(graphs.build(named).graphs)
    assert swapping_matters(graphs.build(named, symmetry="orbits").graphs)


def test_a_dropped_edge_takes_its_angles_with_it(registry, named):
    (spec,) = load_specs(["congn"], registry)
    graphs = Graphs(spec, {}, 0).build(named, symmetry="orbits").graphs
    less = drop_an_edge(graphs)
    (name,) = (n for n in graphs if less[n] is not graphs[n])
    before, after = graphs[name].levels, less[name].levels
    assert len(after[1]) == len(before[1]) - 1
    gone = int((before[2].index == 0).any(axis=0).sum())
    assert len(after[2]) == len(before[2]) - gone < len(before[2])
    np.testing.assert_array_equal(
        after[2].index, before[2].index[:, (before[2].index != 0).all(axis=0)] - 1
    )
