"""Reading the `network:` section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ngn_core.plugin.levels import LEVELS
from ngn_core.plugin.options import Use
from ngn_core.spec.plain_yaml import Path_, show
from ngn_core.spec.resolve import Resolver
from ngn_core.spec.spec import BlockSpec, NetworkSpec

_BESIDE = ("repeat", "nest", "divide")
"""Keys of a block beside those of its message function."""


def read_network(resolver: Resolver, values: Any) -> NetworkSpec | None:
    """Return the section, or None where it has problems, which are reported."""
    before = len(resolver.problems)
    path: Path_ = ("network",)
    keys = ("embed", "blocks", "readout")
    section = resolver.section(values, path, keys, ("head", "init"))
    if section is None:
        return None
    embed = _embed(resolver, section.get("embed", {}), (*path, "embed"))
    blocks = _blocks(resolver, section.get("blocks"), (*path, "blocks"))

    def chosen(key: str, kind: str) -> Use | None:
        value = section.get(key)
        if value is None:
            return None
        return resolver.component(kind, value, (*path, key))

    readout, against = _readout(resolver, section.get("readout"), (*path, "readout"))
    head, init = chosen("head", "head"), chosen("init", "initialization")
    if readout is None or len(resolver.problems) > before:
        return None
    return NetworkSpec(embed, tuple(blocks), readout, head, init, against)


def _readout(resolver: Resolver, values: Any, path: Path_) -> tuple[Use | None, bool]:
    """Return the readout, and whether it is meant against the target."""
    if values is None:
        return None, False  # reported with the section
    key = "against_target"
    against = values.get(key, False) if isinstance(values, Mapping) else False
    if not isinstance(against, bool):
        resolver.report((*path, key), show(against), "true or false")
    return resolver.component("readout", values, path, (key,)), against is True


def _embed(resolver: Resolver, values: Any, path: Path_) -> dict[str, Use]:
    section = resolver.section(values, path, (), (*LEVELS, "state")) or {}
    uses = {
        level: resolver.component("embedding", value, (*path, level))
        for level, value in section.items()
        if value is not None
    }
    return {level: use for level, use in uses.items() if use is not None}


def _blocks(resolver: Resolver, values: Any, path: Path_) -> list[BlockSpec]:
    if values is None:
        return []  # reported with the section
    if not isinstance(values, (list, tuple)) or not values:
        resolver.report(path, show(values), "a list of blocks, each with `use:`")
        return []
    blocks = [
        _block(resolver, value, (*path, position), _BESIDE)
        for position, value in enumerate(values)
    ]
    return [block for block in blocks if block is not None]


def _block(
    resolver: Resolver, values: Any, path: Path_, beside: tuple[str, ...]
) -> BlockSpec | None:
    use = resolver.component("message function", values, path, beside)
    if not isinstance(values, Mapping):
        return None if use is None else BlockSpec(use, 1, None, None)
    repeat = values.get("repeat", 1)
    if type(repeat) is not int or repeat < 1:
        expected = "a whole number greater than 0"
        resolver.report((*path, "repeat"), show(repeat), expected)
    divide = values.get("divide")
    if divide is not None and (type(divide) not in (int, float) or not divide > 0):
        resolver.report((*path, "divide"), show(divide), "a number greater than 0")
        divide = None
    nest, on, inner = values.get("nest"), None, None
    if nest is not None:
        path = (*path, "nest")
        inner = _block(resolver, nest, path, ("on", *_BESIDE))
        on = nest.get("on") if isinstance(nest, Mapping) else None
        if on not in ("edges", "messages"):
            expected = "edges | messages: what the nodes of the nested block are"
            resolver.report((*path, "on"), show(on), expected)
    return None if use is None else BlockSpec(use, repeat, on, inner, divide)
