"""Networks of shipped specs, and crystals for them."""

import pytest
import torch

from ngn_core.checks.reference import graph_of, read_cases
from ngn_core.network.build import build_network
from ngn_core.network.needs import columns_of, needs_of
from ngn_core.packed.packed import pack
from ngn_core.pretrained.checkpoint import read_published
from ngn_core.spec.load import load_specs


@pytest.fixture(scope="session")
def network_of(registry):
    """A function that builds a shipped spec's network, in float64, to be evaluated."""

    def build(name, *assignments):
        (spec,) = load_specs([name], registry, assignments)
        return build_network(spec).double().eval()

    return build


@pytest.fixture(scope="session")
def reference_batch(registry, shared):
    """A function that reads a model's reference crystals, with what a network reads."""

    def read(name, network):
        folder = shared / "parity" / name
        if not folder.is_dir():
            pytest.skip(f"the reference outputs are not here: {folder}")
        published = read_published(folder, registry)
        rules = published.spec(registry).graph.options.nest
        importer, config = published.importer, published.config
        given = [importer.graphs(case, config)["graph"] for case in read_cases(folder)]
        columns = columns_of(needs_of(network))
        graphs = [graph_of(one, columns, rules).graph for one in given]
        return pack(graphs).batch(torch.arange(len(graphs)))

    return read
