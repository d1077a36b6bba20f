"""Whether the levels that a network works on are levels that the graph has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ngn_core.plugin.levels import LEVELS
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.plain_yaml import Path_
from ngn_core.spec.resolve import Resolver


def check_levels(resolver: Resolver, graph: GraphOptions, network: Any) -> None:
    """Report nests without pairs, and embeddings of levels that are not there.

    Args:
        resolver: takes the problems.
        graph: the checked options of `graph:`.
        network: the section as written, which may have problems of its own.
    """
    if not isinstance(network, Mapping):
        return
    depth = 2 + len(graph.nest)
    embed, blocks = network.get("embed"), network.get("blocks")
    for level, chosen in embed.items() if isinstance(embed, Mapping) else ():
        if level in LEVELS[depth:] and chosen is not None:
            path: Path_ = ("network", "embed", level)
            expected = f"a level of this graph: one of {', '.join(LEVELS[:depth])}"
            suggestion = "A rule in `graph.nest` gives the graph one more level"
            resolver.report(path, f"the level {level}", expected, suggestion)
    for position, block in enumerate(blocks if isinstance(blocks, list) else ()):
        path, nests = ("network", "blocks", position), 0
        while isinstance(block, Mapping) and block.get("nest") is not None:
            block, path, nests = block["nest"], (*path, "nest"), nests + 1
            if nests > len(graph.nest):
                count = len(graph.nest) or "no"
                rules = "rule" if count == 1 else "rules"
                found = f"a nest {nests} deep, and {count} pair {rules} in graph.nest"
                expected = "a rule in graph.nest for each nest, {use: receiver} say"
                resolver.report(path, found, expected)
                break
