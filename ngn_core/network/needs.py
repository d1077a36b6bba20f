"""Which component of a spec reads which column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ngn_core.network.block import Block
from ngn_core.network.embedding import Embedding
from ngn_core.network.network import Network
from ngn_core.plugin.levels import LEVELS
from ngn_core.spec.spec import BlockSpec, Spec


@dataclass(frozen=True)
class Need:
    """A column that a component reads.

    Attributes:
        key: of the spec, where the component stands.
        component: its name.
        level: of the column; `state` for those of the crystal as a whole.
        column: its name.
        embeds: whether the component is an embedding.
    """

    key: str
    component: str
    level: str
    column: str
    embeds: bool


def needs_of(spec: Spec, network: Network) -> list[Need]:
    """Return every column that the network of a spec reads, and what reads it."""
    embeddings = dict(network.embeddings.levels.items())
    if network.embeddings.state is not None:
        embeddings["state"] = network.embeddings.state
    needs = []
    for level, embedding in embeddings.items():
        assert isinstance(embedding, Embedding)
        key = f"network.embed.{level}"
        needs += [
            Need(key, embedding.name, level, column, True)
            for column in sorted(embedding.needs)
        ]
    built = iter(network.blocks)
    for position, block in enumerate(spec.network.blocks):
        for _ in range(block.repeat):
            found = next(built)
            assert isinstance(found, Block)
            needs += _of_block(found, block, f"network.blocks.{position}", 0)
    return list(dict.fromkeys(needs))


def _of_block(built: Block, block: BlockSpec, key: str, depth: int) -> Iterator[Need]:
    for need in sorted(built.hooks.needs):
        level, _, column = need.partition(".")
        place = LEVELS[depth + ("node", "edge").index(level)]
        yield Need(key, built.hooks.name, place, column, False)
    if built.nested is not None and block.nest is not None:
        for nested in built.nested:
            assert isinstance(nested, Block)
            yield from _of_block(nested, block.nest, f"{key}.nest", depth + 1)
