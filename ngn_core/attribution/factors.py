"""The parts that two specs differ in, and their grouping into factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ngn_core.errors import NGNError
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.spec import Spec, Task

PARTS: Mapping[str, str] = {
    "connectivity": "which edges a graph has",
    "cell": "cell, symmetry and how they are found",
    "embedding": "first features of nodes and edges",
    "message": "the message function, with the angles and the state that it has",
    "depth": "how many blocks, and layers of the same message function",
    "readout": "readout and head",
    "training": "training and initialization",
}
"""What a spec is taken apart into."""

MOST = 6
"""Factors of one walk, at most."""

_ABOVE = ("angle", "torsion", "state")


@dataclass(frozen=True)
class Difference:
    """A key that two specs have different values of; None where one has no such key."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Factor:
    """What changes together on the way from one spec to the other.

    Attributes:
        parts: of `PARTS`.
        differences: in these parts.
    """

    parts: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def name(self) -> str:
        """Return its parts, joined."""
        return "+".join(self.parts)


def factors_between(
    first: Spec, last: Spec, task: Task, groups: Sequence[str] = ()
) -> list[Factor]:
    """Return the factors in which two specs differ.

    Args:
        first: where the walk begins.
        last: where it ends.
        task: whose training counts.
        groups: such as `connectivity` or `readout+training`; parts that differ and
            that none names are one more factor. Without groups each part is one.

    Raises:
        NGNError: for specs that do not differ, and for groups that cannot be.
    """
    differing = {
        name: found
        for name in PARTS
        if (found := tuple(_differences(first, last, task, name)))
    }
    if not differing:
        raise NGNError(
            f"{first.name} and {last.name} do not differ: there is nothing to explain"
        )
    grouped = _grouped(groups, differing) if groups else [(name,) for name in differing]
    return [
        Factor(parts, tuple(one for part in parts for one in differing[part]))
        for parts in grouped
    ]


def merged(factors: Sequence[Factor], one: Factor, other: Factor) -> list[Factor]:
    """Return the factors with two of them as one, in the place of the first."""
    both = {*one.parts, *other.parts}
    parts = tuple(name for name in PARTS if name in both)
    joined = Factor(parts, one.differences + other.differences)
    kept = [joined if factor is one else factor for factor in factors]
    return [factor for factor in kept if factor is not other]


def same_blocks(first: Mapping[str, Any], last: Mapping[str, Any]) -> bool:
    """Return whether two resolved specs have the same message functions in order."""
    return _uses(first["network"]["blocks"]) == _uses(last["network"]["blocks"])


def is_depth(key: str) -> bool:
    """Return whether an option of a block says how deep it is."""
    return key == "repeat" or key.endswith("layers")


def _grouped(
    groups: Sequence[str], differing: Mapping[str, Any]
) -> list[tuple[str, ...]]:
    named: list[str] = []
    grouped = []
    for group in groups:
        parts = [part.strip() for part in group.split("+")]
        for part in parts:
            if part not in PARTS:
                hint = did_you_mean(part, PARTS)
                raise NGNError(
                    f"--factors {group}: {part!r} is none of {', '.join(PARTS)}"
                    + (f". {hint}" if hint else "")
                )
            if part in named:
                raise NGNError(f"--factors: {part} is named twice; expected it once")
            named.append(part)
        chosen = tuple(name for name in PARTS if name in parts and name in differing)
        if not chosen:
            raise NGNError(
                f"--factors {group}: the specs do not differ in it; they differ in "
                f"{', '.join(differing)}"
            )
        grouped.append(chosen)
    rest = tuple(name for name in differing if name not in named)
    grouped += [rest] if rest else []
    if len(grouped) > MOST:
        raise NGNError(f"--factors: {len(grouped)} factors; expected up to {MOST}")
    return grouped


def _differences(
    first: Spec, last: Spec, task: Task, part: str
) -> Iterator[Difference]:
    before, after = first.resolved(), last.resolved()
    same = same_blocks(before, after)
    flat = [
        dict(_flat("", _part(plain, spec.train[task].resolved(), part, same)))
        for plain, spec in ((before, first), (after, last))
    ]
    for key in dict.fromkeys([*flat[0], *flat[1]]):
        one, other = (values.get(key) for values in flat)
        if one != other:
            yield Difference(key, one, other)


def _part(
    plain: Mapping[str, Any], train: Mapping[str, Any], part: str, same: bool
) -> dict[str, Any]:
    """Return what belongs to a part, by dotted keys."""
    graph, network = plain["graph"], plain["network"]
    embed, blocks = network["embed"], network["blocks"]
    if part == "connectivity":
        return {f"graph.{key}": graph[key] for key in ("edges", "closure")}
    if part == "cell":
        others = graph.keys() - {"edges", "closure", "nest"}
        return {f"graph.{key}": graph[key] for key in graph if key in others}
    if part == "embedding":
        return {
            f"network.embed.{level}": embed[level]
            for level in embed
            if level not in _ABOVE
        }
    if part == "message":
        above = {f"network.embed.{x}": embed[x] for x in _ABOVE if x in embed}
        own = [_without_depth(block, same) for block in blocks]
        return {"graph.nest": graph["nest"], **above, "network.blocks": own}
    if part == "depth":
        if not same:
            return {"network.blocks.repeat": sum(block["repeat"] for block in blocks)}
        return {
            f"network.blocks.{place}.{key}": value
            for place, block in enumerate(blocks)
            for key, value in block.items()
            if is_depth(key)
        }
    if part == "readout":
        return {f"network.{key}": network[key] for key in ("readout", "head")}
    return {"train": train, "network.init": network["init"]}


def _without_depth(block: Mapping[str, Any], same: bool) -> dict[str, Any]:
    """Return a block without what is its depth: of equal functions the layers too."""
    return {
        key: value
        for key, value in block.items()
        if not (is_depth(key) if same else key == "repeat")
    }


def _uses(blocks: Sequence[Mapping[str, Any]]) -> list[Any]:
    nests = [block.get("nest") for block in blocks]
    inner = [None if nest is None else _uses([nest]) for nest in nests]
    return [(block["use"], nest) for block, nest in zip(blocks, inner, strict=True)]


def _flat(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every leaf by its dotted key."""
    items: Any = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list) and any(isinstance(x, Mapping) for x in value):
        items = enumerate(value)
    if not items:
        yield key, value
    for name, inner in items:
        yield from _flat(f"{key}.{name}" if key else str(name), inner)
