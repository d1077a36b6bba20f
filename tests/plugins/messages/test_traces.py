import pytest
import torch


@pytest.mark.parametrize("name", ["cgcnn", "schnet", "megnet", "cogn", "congn"])
@torch.no_grad()
def test_a_shipped_network_traces_as_one_graph(reference, network_of, name):
    if not torch._dynamo.is_dynamo_supported():
        pytest.skip("torch.compile does not support this Python or platform")
    network = network_of(name).train()
    batch = reference(name).batch(nested=name == "congn")
    traced = torch.compile(network, fullgraph=True, backend="eager")
    torch.testing.assert_close(traced(batch), network(batch))
