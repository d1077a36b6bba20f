"""Specs between two specs: some factors of the one, the others of the other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ngn_core.attribution.factors import (
    MOST,
    PARTS,
    Factor,
    factors_between,
    is_depth,
    merged,
    same_blocks,
)
from ngn_core.attribution.shapley import Coalition, coalitions
from ngn_core.errors import NGNError, Problem, SpecError
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import resolve_spec
from ngn_core.spec.spec import Spec, Task

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Merge:
    """Two factors that became one, for a hybrid between them cannot be.

    Attributes:
        factors: names of the two.
        hybrid: name of one that cannot be.
        reason: why.
    """

    factors: tuple[str, str]
    hybrid: str
    reason: str


@dataclass(frozen=True)
class Hybrids:
    """The way from one spec to another.

    Attributes:
        factors: that can be changed one by one.
        specs: of each set of changed factors; the ends among them.
        merges: what had to go together.
    """

    factors: tuple[Factor, ...]
    specs: Mapping[Coalition, Spec]
    merges: tuple[Merge, ...]


def hybrids_between(
    first: Spec, last: Spec, task: Task, registry: Registry, groups: Sequence[str] = ()
) -> Hybrids:
    """Return every hybrid of two specs; factors that cannot be parted are merged.

    Raises:
        NGNError: for specs that do not differ, or differ in no two factors that can be
            parted, and for groups that cannot be.
    """
    factors = factors_between(first, last, task, groups)
    merges: list[Merge] = []
    while True:
        specs, impossible = _try_all(first, last, factors, registry)
        if not impossible and len(factors) > MOST:
            by_name = {factor.name: factor for factor in factors}
            pair = by_name["connectivity"], by_name["cell"]
            factors = merged(factors, *pair)
            continue
        if not impossible:
            return Hybrids(tuple(factors), specs, tuple(merges))
        pair = _between(factors, impossible)
        told = next(some for some in impossible if _parts(pair, some))
        name = hybrid_name(first, last, factors, told)
        both = (pair[0].name, pair[1].name)
        merges.append(Merge(both, name, impossible[told]))
        factors = merged(factors, *pair)


def null_of(spec: Spec, registry: Registry) -> Spec | None:
    """Return the spec with the other symmetry, which changes nothing that it computes.

    `orbits` becomes `none`, and anything else `orbits`; None where it cannot.
    """
    plain = deepcopy(spec.resolved())
    graph = plain["graph"]
    graph["symmetry"] = "none" if graph["symmetry"] == "orbits" else "orbits"
    plain["name"] = f"{spec.name}+null"
    plain["reference"] = {"note": f"{spec.name} with symmetry: {graph['symmetry']}."}
    try:
        return _checked(plain, registry)
    except SpecError:
        return None


def hybrid_name(
    first: Spec, last: Spec, factors: Sequence[Factor], changed: Coalition
) -> str:
    """Return `CGCNN+connectivity+readout`: what of the last spec is in the first."""
    if len(changed) == len(factors):
        return last.name
    parts = {part for f in factors if f.name in changed for part in f.parts}
    return "+".join([first.name, *(part for part in PARTS if part in parts)])


def _try_all(
    first: Spec, last: Spec, factors: Sequence[Factor], registry: Registry
) -> tuple[dict[Coalition, Spec], dict[Coalition, str]]:
    """Return the hybrids that can be, and why the others cannot."""
    specs, impossible = {}, {}
    names = [factor.name for factor in factors]
    for changed in coalitions(names):
        if not changed or len(changed) == len(names):
            specs[changed] = last if changed else first
            continue
        parts = [part for f in factors if f.name in changed for part in f.parts]
        name = hybrid_name(first, last, factors, changed)
        try:
            plain = _joined(first.resolved(), last.resolved(), parts)
            plain["name"] = name
            taken = ", ".join(part for part in PARTS if part in parts)
            note = f"Hybrid: {first.name} with {taken} of {last.name}."
            plain["reference"] = {"note": note}
            specs[changed] = _checked(plain, registry)
        except SpecError as error:
            problem = error.problems[0]
            reason = f"{problem.key}: found {problem.found}"
            impossible[changed] = f"{reason}; expected {problem.expected}"
    return specs, impossible


def _checked(plain: dict[str, Any], registry: Registry) -> Spec:
    """Return a hybrid whose network can be built and whose graph gives what it reads.

    Raises:
        SpecError: where not.
    """
    spec = resolve_spec(plain, registry, f"hybrid {plain['name']}")
    recipe_of(spec, registry)
    return spec


def _joined(first: Plain, last: Plain, parts: Collection[str]) -> dict[str, Any]:
    """Return the first spec with some parts of the last.

    Raises:
        SpecError: where the last one's depth is none that the first one's blocks have.
    """

    def of(part: str) -> Plain:
        return last if part in parts else first

    graphs = {part: of(part)["graph"] for part in ("connectivity", "cell", "message")}
    above = of("message")["network"]["embed"]
    below = of("embedding")["network"]["embed"]
    embed = {level: below[level] for level in below if level in ("node", "edge")}
    embed |= {level: above[level] for level in above if level not in ("node", "edge")}
    return deepcopy(
        {
            "graph": {
                **graphs["cell"],
                "edges": graphs["connectivity"]["edges"],
                "closure": graphs["connectivity"]["closure"],
                "nest": graphs["message"]["nest"],
            },
            "network": {
                "embed": embed,
                "blocks": _blocks(of("message"), of("depth")),
                "readout": of("readout")["network"]["readout"],
                "head": of("readout")["network"]["head"],
                "init": of("training")["network"]["init"],
            },
            "train": of("training")["train"],
        }
    )


def _blocks(message: Plain, depth: Plain) -> list[dict[str, Any]]:
    """Return the blocks of one spec, as deep as those of another."""
    blocks = [dict(block) for block in message["network"]["blocks"]]
    deep = depth["network"]["blocks"]
    if message is depth:
        return blocks
    if same_blocks(message, depth):
        for block, other in zip(blocks, deep, strict=True):
            block |= {key: value for key, value in other.items() if is_depth(key)}
        return blocks
    wanted = sum(block["repeat"] for block in deep)
    last = wanted - sum(block["repeat"] for block in blocks[:-1])
    if last < 1:
        found = f"{wanted} blocks in all, and {len(blocks)} kinds of them"
        expected = "one block of each kind at least"
        raise SpecError([Problem("hybrid", None, "network.blocks", found, expected)])
    blocks[-1]["repeat"] = last
    return blocks


def _between(
    factors: Sequence[Factor], impossible: Iterable[Coalition]
) -> tuple[Factor, Factor]:
    """Return the two factors whose merging rids us of most impossible hybrids."""
    every = list(impossible)
    pairs = list(combinations(factors, 2))
    if not pairs:
        raise NGNError("the ends themselves cannot be built")
    return max(pairs, key=lambda pair: sum(_parts(pair, some) for some in every))


def _parts(pair: tuple[Factor, Factor], changed: Coalition) -> bool:
    """Return whether a hybrid has one of the two factors without the other."""
    return (pair[0].name in changed) != (pair[1].name in changed)
