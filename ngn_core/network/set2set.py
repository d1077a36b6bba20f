"""Set2Set pooling with the weights of a quotient."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ngn_core.network.aggregation import Aggregation


class Set2Set(nn.Module):
    """Vinyals et al. 2015 (arXiv 1511.06391): attention steered by an LSTM.

    Args:
        width: F of what is pooled; the result has 2 F.
        steps: rounds of attention.
        layers: layers of the LSTM.
    """

    def __init__(self, width: int, steps: int, layers: int = 1) -> None:
        super().__init__()
        inputs = [2 * width] + [width] * (layers - 1)
        self.cells = nn.ModuleList(nn.LSTMCell(size, width) for size in inputs)
        self.steps = steps

    def forward(self, x: Tensor, onto: Aggregation) -> Tensor:
        """Return [size, 2 F] from [n, F]."""
        zeros = x.new_zeros(onto.size, x.shape[1])
        memory = [(zeros, zeros) for _ in self.cells]
        pooled = torch.cat([zeros, zeros], dim=1)
        for _ in range(self.steps):
            query = pooled
            for layer, cell in enumerate(self.cells):
                memory[layer] = cell(query, memory[layer])
                query, _ = memory[layer]
            score = (x * query.index_select(0, onto.index)).sum(1, keepdim=True)
            read = onto.sum(onto.softmax(score) * x)
            pooled = torch.cat([query, read], dim=1)
        return pooled
