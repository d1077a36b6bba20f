"""Disordered superconductors are the same on crystals, asymmetric units and orbits."""

import pytest
import torch

from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.network.build import build_network
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.recipe import recipe_of
from ngn_core.spec.load import load_specs


@pytest.fixture(scope="module")
def superconductors(shared, registry):
    table = open_dataset(str(shared / "data" / "superconductors_3dsc"), registry)
    return select(table, "tc", limit=60, on_disorder="average")


@pytest.mark.parametrize("name", ["cgcnn", "cogn"])
@torch.no_grad()
def test_every_symmetry_predicts_the_same(superconductors, registry, name):
    found, sizes = {}, {}
    for symmetry in ("none", "asymmetric", "orbits"):
        narrow = ["network.embed.node.width=8", f"graph.symmetry={symmetry}"]
        (spec,) = load_specs([name], registry, narrow)
        recipe = recipe_of(spec, registry)
        crystals = superconductors.crystals
        built = build_graphs(
            superconductors.ids, crystals, recipe, None, lambda done: None
        )
        assert not built.failures
        torch.manual_seed(0)
        network = build_network(spec).double().eval()
        graphs = built.graphs.to("cpu", torch.float64)
        found[symmetry] = network(graphs.batch(torch.arange(len(graphs))))
        sizes[symmetry] = graphs.sizes()[1]
    disordered = sum(not crystal.is_ordered for crystal in superconductors.crystals)
    assert disordered > 20
    assert sizes["none"] > 2 * sizes["asymmetric"] > 3 * sizes["orbits"]
    spread = found["none"].std()
    assert spread > 1e-3
    for symmetry in ("asymmetric", "orbits"):
        apart = (found[symmetry] - found["none"]).abs().max()
        assert apart < 1e-9 * max(spread, 1)
