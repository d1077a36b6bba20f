"""`ngn parity`, on a reference that a plain program made (the fixture)."""

import json

import numpy as np
import pytest

from ngn_core.checks.parity import parity
from ngn_core.errors import SpecError, WeightsError


def edit(folder, change):
    file = folder / "cases.jsonl"
    case = json.loads(file.read_text())
    change(case)
    file.write_text(json.dumps(case) + "\n")


@pytest.mark.parametrize("name", ["schnet", "literal/schnet", None])
def test_it_agrees_with_a_plain_program_of_other_sizes(
    reference_folder, registry, name
):
    found = parity(reference_folder, registry, name, own_graph=True)
    assert found.passed
    assert set(found.worst) == {"sum", "mean"}
    assert max(found.worst.values()) < 1e-13
    assert max(found.own_worst.values()) < 1e-13
    assert found.unseen == ("unknown",)
    (case,) = found.cases
    (seen,) = case.activations
    assert seen.name == "update/interaction0"
    assert seen.deviation < 1e-13


def test_float32_is_near(reference_folder, registry):
    found = parity(reference_folder, registry, dtype="float32")
    assert found.passed
    assert max(found.worst.values()) > 1e-13


@pytest.mark.parametrize("key", ["sum", "mean"])
def test_a_changed_output_is_noticed(reference_folder, registry, key):
    edit(reference_folder, lambda case: case["output"].update({key: [3.0]}))
    found = parity(reference_folder, registry)
    assert not found.passed
    assert [name for name, value in found.worst.items() if value > 1e-7] == [key]


@pytest.mark.parametrize("what", ["mean", "std", "absmax", "first", "last", "shape"])
def test_a_changed_activation_is_noticed(reference_folder, registry, what):
    def change(case):
        activation = case["activations"][0]
        old = activation[what]
        new = [*old[:-1], old[-1] + 1] if isinstance(old, list) else old * 1.01
        activation[what] = new

    edit(reference_folder, change)
    assert not parity(reference_folder, registry).passed


def test_an_activation_that_is_empty_in_every_case_agrees(reference_folder, registry):
    # no angles in the whole folder, say
    empty = {"shape": [0, 4], "first": [], "last": []}
    empty |= dict.fromkeys(("mean", "std", "absmax"))

    def change(case):
        case["activations"].append({"name": "angle_features", **empty})

    edit(reference_folder, change)
    found = parity(reference_folder, registry)
    assert found.passed
    assert "angle_features" in found.unseen


def test_edges_that_are_listed_in_any_order_agree(reference_folder, registry):
    def shuffle(case):
        order = np.random.default_rng(0).permutation(case["graph"]["num_edges"])
        for key in ("edge_src", "edge_dst", "edge_offset", "edge_distance"):
            case["graph"][key] = [case["graph"][key][place] for place in order]

    edit(reference_folder, shuffle)
    assert parity(reference_folder, registry, own_graph=True).passed


def test_a_graph_that_lacks_an_edge_is_not_the_builders(reference_folder, registry):
    def drop(case):
        for key in ("edge_src", "edge_dst", "edge_offset", "edge_distance"):
            case["graph"][key].pop()

    edit(reference_folder, drop)
    found = parity(reference_folder, registry, own_graph=True)
    (own,) = found.cases[0].own
    assert own.edges == own.reference + 1
    assert not own.passed


@pytest.mark.parametrize(
    ("said", "passes"),
    [
        ({}, False),
        ({"shell_complete": False}, True),
        ({"min_gap_to_cutoff": 1e-9}, True),
        ({"tie_at_kth": True}, True),
    ],
)
def test_a_tie_that_is_cut_otherwise_is_no_fault(
    reference_folder, registry, said, passes
):
    def repeat(case):  # an edge in place of another of its shell
        graph = case["graph"]
        ends = list(zip(graph["edge_src"], graph["edge_dst"], strict=True))
        first, second, *_ = [n for n, end in enumerate(ends) if end == (1, 0)]
        graph["edge_offset"][second] = graph["edge_offset"][first]
        graph["edge_distance"][second] = graph["edge_distance"][first]
        assert graph["edge_distance"][first] == pytest.approx(2.82)
        graph.update(said)

    edit(reference_folder, repeat)
    (case,) = parity(reference_folder, registry, own_graph=True).cases
    (own,) = case.own
    assert own.same is False
    assert own.passed is passes
    assert bool(case.own_outputs) is not passes


def test_a_tie_explains_no_other_lengths(reference_folder, registry):
    def drop(case):
        for key in ("edge_src", "edge_dst", "edge_offset", "edge_distance"):
            case["graph"][key].pop()
        case["graph"]["tie_at_kth"] = True

    edit(reference_folder, drop)
    (case,) = parity(reference_folder, registry, own_graph=True).cases
    assert not case.own[0].passed


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda case: case["output"].update(maximum=[1.0]), "does not know"),
        (lambda case: case["output"].update(sum=[1.0, 2.0]), "found 2 numbers"),
        (lambda case: case["graph"]["edge_distance"].append(1.0), "edge_distance"),
        (lambda case: case["graph"]["edge_src"].__setitem__(0, 7), "cannot be read"),
        (lambda case: case["graph"]["edge_src"].__setitem__(0, -2), "the atom -2"),
        (lambda case: case["graph"].pop("edge_dst"), "cannot be read"),
        (lambda case: case["graph"]["edge_distance"].__setitem__(0, 9.0), "edge 0 is"),
        (lambda case: case.pop("structure"), "no structure"),
    ],
)
def test_a_case_that_cannot_be_is_a_sentence(
    reference_folder, registry, change, sentence
):
    edit(reference_folder, change)
    with pytest.raises(WeightsError, match=sentence):
        parity(reference_folder, registry)


def test_a_case_that_does_not_list_its_edges_is_left_out(reference_folder, registry):
    file = reference_folder / "cases.jsonl"
    case = json.loads(file.read_text())
    large = {**case, "id": "large"}
    large["graph"] = {"complete": False, "edge_src": None}
    file.write_text(json.dumps(case) + "\n" + json.dumps(large) + "\n")
    found = parity(reference_folder, registry)
    assert found.passed
    assert found.left_out == ("large",)
    file.write_text(json.dumps(large) + "\n")
    with pytest.raises(WeightsError, match="no case with edges"):
        parity(reference_folder, registry)


def test_no_case_is_a_sentence(reference_folder, registry):
    (reference_folder / "cases.jsonl").write_text("")
    with pytest.raises(WeightsError, match="no case"):
        parity(reference_folder, registry)
    (reference_folder / "cases.jsonl").write_text("{")
    with pytest.raises(WeightsError, match="no JSON"):
        parity(reference_folder, registry)


def test_a_hook_that_reads_what_the_graph_lacks_is_a_sentence(
    reference_folder, registry
):
    more = ["network.embed.edge.of.of=area"]
    with pytest.raises(SpecError, match=r"embed\.edge.*'area'"):
        parity(reference_folder, registry, "schnet", assignments=more)


def test_the_spec_of_another_architecture_is_refused(reference_folder, registry):
    with pytest.raises(WeightsError, match=r"SchNet's.*network.blocks of cgcnn"):
        parity(reference_folder, registry, "cgcnn")
