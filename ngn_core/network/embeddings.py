"""First features and bases of all levels, and of the global state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from ngn_core.graph.graph import SHARED
from ngn_core.network.disorder import elements_of, onto_sites
from ngn_core.network.embedding import Embedded, Embedding
from ngn_core.network.level_batch import LevelBatch
from ngn_core.plugin.levels import LEVELS


class Embeddings(nn.Module):
    """Embeds the levels from the lowest upward; each sees the one below.

    A site that elements share starts from the weighted mean of what each of them would
    start from, whatever the embedding is; a vacancy starts from nothing.

    Args:
        levels: embedding of each level that has one, by level.
        state: embedding of the global state, or None.
    """

    def __init__(
        self, levels: Mapping[str, Embedding], state: Embedding | None
    ) -> None:
        super().__init__()
        self.levels = nn.ModuleDict(levels)
        self.state = state

    def forward(
        self, rows: Sequence[LevelBatch], crystals: LevelBatch
    ) -> tuple[list[Embedded], Tensor | None]:
        """Return features and basis of each level, and the global state, [B, F]."""
        embedded: list[Embedded] = []
        for name, level in zip(LEVELS, rows, strict=False):
            below = embedded[-1] if embedded else None
            if name in self.levels:
                embedded.append(_embedded(self.levels[name], level, below))
            else:
                embedded.append(Embedded(None, None))
        if self.state is None:
            return embedded, None
        state: Tensor = self.state(crystals, None).features
        return embedded, state


def _embedded(
    embedding: nn.Module, rows: LevelBatch, below: Embedded | None
) -> Embedded:
    """Return what an embedding makes of a level, of shared sites the weighted mean."""
    if SHARED not in rows.columns:
        found: Embedded = embedding(rows, below)
        return found
    each = embedding(elements_of(rows), below)
    return Embedded(*(onto_sites(part, rows) for part in each))
