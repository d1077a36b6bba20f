import pytest
import torch

from ngn_core.network.aggregation import Aggregation
from ngn_core.network.segments import Segments
from ngn_core.network.set2set import Set2Set


@pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")  # theirs
@pytest.mark.parametrize("layers", [1, 3])
def test_it_is_the_published_one_where_every_weight_is_one(layers):
    from torch_geometric.nn.aggr import Set2Set as Published

    torch.manual_seed(0)
    published = Published(4, processing_steps=3, num_layers=layers)
    ours = Set2Set(4, 3, layers)
    for layer, cell in enumerate(ours.cells):
        for name, values in cell.named_parameters():
            values.data.copy_(getattr(published.lstm, f"{name}_l{layer}"))
    index = torch.tensor([0, 0, 0, 1, 2, 2])
    x = torch.randn(6, 4)
    found = ours(x, Aggregation(Segments(index, 3), torch.ones(6)))
    torch.testing.assert_close(found, published(x, index))


def test_a_thing_counts_as_often_as_it_weighs():
    torch.manual_seed(1)
    pool = Set2Set(4, 3)
    index, weight = torch.tensor([0, 0, 1, 1, 1]), torch.tensor([1, 3, 2, 1, 4])
    x = torch.randn(5, 4)
    found = pool(x, Aggregation(Segments(index, 2), weight.double()))
    again = index.repeat_interleave(weight)
    ones = torch.ones(len(again))
    wanted = pool(
        x.repeat_interleave(weight, dim=0), Aggregation(Segments(again, 2), ones)
    )
    torch.testing.assert_close(found, wanted)
