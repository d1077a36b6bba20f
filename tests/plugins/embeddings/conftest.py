"""LevelBatch of one level, as embeddings get them."""

import pytest
import torch

from ngn_core.network.level_batch import LevelBatch


@pytest.fixture
def rows_of():
    """A function that makes the rows of a level of one crystal from its columns."""

    def rows(**columns):
        columns = {name: torch.as_tensor(values) for name, values in columns.items()}
        count = len(next(iter(columns.values())))
        ones = torch.ones(count, dtype=torch.float64)
        zeros = torch.zeros(count, dtype=torch.long)
        return LevelBatch(columns, None, ones, ones, zeros, 1)

    return rows


@pytest.fixture
def use(registry):
    """A function that chooses an embedding by name, as a spec does."""
    import ngn_core.api as ngn

    def choose(name, **options):
        component = registry.get("embedding", name).component
        return ngn.Use("embedding", component, component.Options(**options))

    return choose
