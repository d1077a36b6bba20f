"""Networks of shipped specs with the weights of published implementations."""

import numpy as np
import pytest

from ngn_core.checks.parity import parity

FOLDERS = (
    "alignn",
    "cgcnn",
    "cogn",
    "congn",
    "dimenetpp",
    "m3gnet",
    "m3gnet_v4",
    "matformer",
    "megnet",
    "megnet_v4",
    "painn",
    "schnet",
)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_closed_spec_agrees_on_the_references_own_edges(folder, registry, name):
    found = parity(folder(name), registry, name.removesuffix("_v4"))
    assert len(found.cases) >= 5
    assert found.passed, found.worst
    keys = {number.key for case in found.cases for number in case.outputs}
    assert keys == set(found.worst)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_published_spec_agrees_in_float32_and_builds_the_graphs(
    folder, registry, name
):
    published = f"literal/{name.removesuffix('_v4')}"
    found = parity(folder(name), registry, published, "float32", own_graph=True)
    assert found.passed, (found.worst, found.own_worst)
    graphs = [own for case in found.cases for own in case.own]
    assert len(graphs) >= len(found.cases)
    assert any(not own.doubt for own in graphs)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_wrong_weight_is_noticed(folder, registry, change, name):
    changed = folder(name, {"co_in_box", "mg_hcp"})
    assert parity(changed, registry).passed
    with np.load(changed / "weights.npz") as arrays:
        last = [array for array in arrays.files if not array.startswith("aux/")][-1]
        change.weights(changed, {last: arrays[last] + 0.01})
    assert not parity(changed, registry).passed
