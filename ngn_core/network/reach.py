"""Cutoffs of a network, and whether its graph can give longer edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ngn_core.network.embedding import Embedding
from ngn_core.network.network import Network
from ngn_core.spec.spec import Spec

ROUNDING = 1e-6
"""Lengths that differ by less than this, Å, are the same."""


@dataclass(frozen=True)
class Reach:
    """A component that sees no edge from its cutoff on, where the graph has such edges.

    Attributes:
        key: of the spec, where the component stands.
        component: its name.
        cutoff: Å.
        pairs: whether it works on pairs of edges, not on edges.
        longest: edge that the graph can give it, Å; None: there is no such length.
    """

    key: str
    component: str
    cutoff: float
    pairs: bool
    longest: float | None

    def sentence(self) -> str:
        """Return what happens to the edges beyond the cutoff."""
        items = "pairs of edges" if self.pairs else "edges"
        length = "of any length"
        if self.longest is not None:
            length = f"of up to {self.longest:g} Å"
        return (
            f"{self.key}: {self.component} is 0 from {self.cutoff:g} Å on, and the "
            f"graph can have {items} {length}"
        )


def short_reaches(spec: Spec, network: Network) -> list[Reach]:
    """Return the components whose cutoff is shorter than edges of the graph can be."""
    longest = spec.graph.edges.build().longest
    limits = [longest]
    for rule in spec.graph.options.nest:
        known = [limit for limit in (limits[-1], rule.cutoff) if limit is not None]
        limits.append(min(known, default=None))
    found = []
    for key, component, cutoff, depth in _cutoffs(network):
        limit = limits[min(depth, len(limits) - 1)]
        if limit is None or limit > cutoff + ROUNDING:
            found.append(Reach(key, component, cutoff, depth > 0, limit))
    return list(dict.fromkeys(found))


def _cutoffs(network: Network) -> Iterator[tuple[str, str, float, int]]:
    """Yield key, name, cutoff and depth of each component that has a cutoff."""
    for level, embedding in network.embeddings.levels.items():
        for part in embedding.modules():
            if isinstance(part, Embedding) and part.cutoff is not None:
                yield f"network.embed.{level}", part.name, part.cutoff, 0
    for depth, block in network.blocks.walk():
        if block.hooks.cutoff is not None:
            yield block.key, block.hooks.name, block.hooks.cutoff, depth
