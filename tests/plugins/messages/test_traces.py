import pytest
import torch

SHALLOW = {
    "alignn": ["network.blocks.1.repeat=1", "network.blocks.2.repeat=1"],
    "cgcnn": ["network.blocks.0.repeat=2"],
    "cogn": ["network.blocks.0.repeat=2"],
    "congn": ["network.blocks.0.repeat=2"],
    "dimenetpp": ["network.blocks.1.repeat=1"],
    "m3gnet": ["network.blocks.0.repeat=1"],
    "matformer": ["network.blocks.0.repeat=2"],
    "megnet": [],
    "ngn": ["network.blocks.0.repeat=2"],
    "painn": ["network.blocks.0.repeat=2"],
    "schnet": ["network.blocks.0.repeat=2"],
}
"""Shipped networks, not as deep as they are."""


@pytest.mark.parametrize("name", SHALLOW)
@torch.no_grad()
def test_a_shipped_network_traces_as_one_graph(reference_batch, network_of, name):
    if not torch._dynamo.is_dynamo_supported():
        pytest.skip("torch.compile does not support this Python or platform")
    torch._dynamo.reset()  # ten networks are more code than it recompiles for one
    network = network_of(name, *SHALLOW[name]).train()
    batch = reference_batch(name, network)
    traced = torch.compile(network, fullgraph=True, backend="eager")
    torch.testing.assert_close(traced(batch), network(batch))
