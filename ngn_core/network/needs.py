"""Which component of a spec reads which column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ngn_core.network.embedding import Embedding
from ngn_core.network.network import Network
from ngn_core.plugin.levels import LEVELS


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


def needs_of(network: Network) -> list[Need]:
    """Return every column that a network reads, and what reads it."""
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
    for depth, block in network.blocks.walk():
        for need in sorted(block.hooks.needs):
            level, _, column = need.partition(".")
            place = LEVELS[depth + ("node", "edge").index(level)]
            needs.append(Need(block.key, block.hooks.name, place, column, False))
    return list(dict.fromkeys(needs))


def columns_of(needs: Iterable[Need]) -> dict[str, frozenset[str]]:
    """Return the columns that are read, by level; `state` for the crystal's."""
    columns: dict[str, set[str]] = {level: set() for level in (*LEVELS, "state")}
    for need in needs:
        columns[need.level].add(need.column)
    return {level: frozenset(names) for level, names in columns.items()}
