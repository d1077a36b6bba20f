import pytest
import torch

import ngn_core.api as ngn
from ngn_core.network.graph import nest_levels
from ngn_core.network.level_batch import LevelBatch
from ngn_plugins.readouts.every_block import EveryBlock

WEIGHT = torch.tensor([1.0, 3.0, 2.0])


@pytest.fixture
def graph():
    """Two crystals: orbits of 1 and 3 atoms, and one of 2."""
    nodes = LevelBatch({}, None, WEIGHT, WEIGHT, torch.tensor([0, 0, 1]), 2)
    index, none = torch.zeros(2, 0, dtype=torch.long), torch.zeros(0)
    edges = LevelBatch({}, index, none, none, torch.zeros(0, dtype=torch.long), 2)
    atoms = {"atoms": torch.tensor([8.0, 2.0])}
    crystals = LevelBatch(atoms, None, torch.ones(2), torch.ones(2), torch.arange(2), 2)
    return nest_levels([nodes, edges], [None, None], crystals)


@pytest.mark.parametrize("pool", ["mean", "sum"])
def test_what_every_block_gave_is_added_up(graph, pool):
    blocks = [(torch.randn(3, 2), None, None) for _ in range(3)]
    readout = EveryBlock(EveryBlock.Options(pool=pool), [ngn.Dims(2, None)] * 3)
    assert readout.every_block
    assert readout.width == 2
    assert readout.extensive == (pool == "sum")
    total = sum(node for node, _, _ in blocks)
    mean = torch.stack([(total[0] + 3 * total[1]) / 4, total[2]])
    wanted = mean if pool == "mean" else mean * torch.tensor([[8.0], [2.0]])
    torch.testing.assert_close(readout(blocks, graph), wanted)


def test_blocks_of_several_widths_cannot_be_added():
    dims = [ngn.Dims(4, None), ngn.Dims(1, 8)]
    with pytest.raises(ValueError, match="of one width after every block.*4, 1"):
        EveryBlock(EveryBlock.Options(), dims)
