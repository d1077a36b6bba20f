"""Reference data: crystals with what another implementation makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ngn_core.crystal.incidence import Incidence
from ngn_core.errors import WeightsError
from ngn_core.graph.graph import CrystalGraph, Level
from ngn_core.graph.pairs import angles, pairs
from ngn_core.pretrained.importer import Given, given_graph
from ngn_core.spec.graph import PairRule

CASES = "cases.jsonl"

SAME = 1.0e-6
"""Largest difference of a length to the listed one, Å."""


@dataclass(frozen=True)
class Ordered:
    """A graph of a reference, and where its items were listed.

    Attributes:
        graph: with rows sorted by receiver.
        order: of each level that is listed, the place that each row comes from.
    """

    graph: CrystalGraph
    order: Mapping[str, np.ndarray]


def read_cases(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the cases of a folder.

    Raises:
        WeightsError: where the file is missing or a line is not a case.
    """
    file = folder / CASES
    if not file.is_file():
        raise WeightsError(f"{file}: no such file; expected the reference's crystals")
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                case = json.loads(line)
            except ValueError as error:
                raise WeightsError(f"{file}:{number}: no JSON ({error})") from error
            keys = ("id", "structure", "graph", "output")
            missing = [key for key in keys if case.get(key) is None]
            if missing:
                raise WeightsError(
                    f"{file}:{number}: the case has no {', '.join(missing)}"
                )
            sentence = _inconsistent(case)
            if sentence and lists_edges(case):
                raise WeightsError(f"{file}:{number}: case {case['id']}: {sentence}")
            yield case


def lists_edges(case: Mapping[str, Any]) -> bool:
    """Return whether a case lists its edges: those of large graphs may be left out."""
    return case["graph"].get("complete") is not False


def _inconsistent(case: Mapping[str, Any]) -> str:
    """Return why a case's edges are not those of its structure; nothing if they are."""
    structure, graph = case["structure"], case["graph"]
    try:
        given = given_graph(case)
        listed = np.array(graph["edge_distance"], dtype=np.float64)
        atoms = len(structure["species"])
    except (KeyError, IndexError, ValueError, TypeError) as error:
        return f"its graph cannot be read ({type(error).__name__}: {error})"
    if not len(given.sender) == len(given.receiver) == len(listed):
        return f"{len(given.sender)} edge_src, {len(listed)} edge_distance"
    if len(given.numbers) != atoms:
        return f"{len(given.numbers)} atomic_numbers, {atoms} species"
    length = np.linalg.norm(given.vector, axis=1)
    wrong = np.flatnonzero(~(np.abs(length - listed) <= SAME))
    if len(wrong):
        edge = int(wrong[0])
        return (
            f"edge {edge} is {length[edge]:.8g} Å long in its structure; "
            f"edge_distance says {listed[edge]:.8g}"
        )
    return ""


def graph_of(
    given: Given, columns: Mapping[str, frozenset[str]], rules: Sequence[PairRule]
) -> Ordered:
    """Return a reference's graph as a crystal graph.

    Args:
        given: as it is listed.
        columns: to be stored, by level.
        rules: of the pairs of edges, for the levels above.

    Raises:
        ValueError: where its lists do not fit each other, a column is asked for that
            it does not give, or the second level of pairs, which references do not
            have.
    """
    if len(rules) > 1:
        raise ValueError("graph.nest: pairs of angles, which no reference lists")
    _check_lists(given)
    atoms, edges = len(given.numbers), len(given.sender)
    multiplicity = given.multiplicity
    weight = np.ones(atoms) if multiplicity is None else multiplicity
    order = np.argsort(given.receiver, kind="stable")
    vector = given.vector[order]
    known = {
        "vector": vector,
        "length": np.linalg.norm(vector, axis=1),
        "cell_shift": given.cell_shift[order],
        **{name: column[order] for name, column in given.columns.items()},
    }
    index = np.stack([given.sender[order], given.receiver[order]])
    levels = [
        Level(_chosen({"atomic_number": given.numbers}, columns, "node"), None, weight),
        Level(_chosen(known, columns, "edge"), index, np.ones(edges)),
    ]
    orders = {"node": np.arange(atoms), "edge": order}
    for rule in rules:
        items, listed = _pairs(given, order, known["length"], rule)
        if listed is not None:
            orders["angle"] = listed
        index = np.stack([items.sender, items.receiver])
        angle = {"angle": angles(items, rule, vector)}
        ones = np.ones(len(items.sender))
        levels.append(Level(_chosen(angle, columns, "angle"), index, ones))
    return Ordered(CrystalGraph(tuple(levels), round(float(weight.sum()))), orders)


def _check_lists(given: Given) -> None:
    """Refuse lists that are not of one length, and numbers of no atom or edge."""
    atoms, edges = len(given.numbers), len(given.sender)
    per_edge = {"receivers": given.receiver, "vectors": given.vector, **given.columns}
    lengths = [(name, len(listed), edges) for name, listed in per_edge.items()]
    if given.multiplicity is not None:
        lengths.append(("multiplicities", len(given.multiplicity), atoms))
    for name, found, expected in lengths:
        if found != expected:
            raise ValueError(f"found {found} {name}; expected {expected}")
    indices = [("atom", given.sender, atoms), ("atom", given.receiver, atoms)]
    if given.pairs is not None:
        indices.append(("edge", given.pairs, edges))
    for name, listed, count in indices:
        if listed.size and not 0 <= listed.min() <= listed.max() < count:
            found = listed.min() if listed.min() < 0 else listed.max()
            raise ValueError(f"found the {name} {found}; there are {count}")


def _pairs(
    given: Given, order: np.ndarray, length: np.ndarray, rule: PairRule
) -> tuple[Incidence, np.ndarray | None]:
    """Return the pairs of edges, sorted by receiver, and their places in a list."""
    edges = Incidence(given.sender, given.receiver, given.cell_shift).rows(order)
    if given.pairs is None:
        return pairs(edges, rule, length, np.arange(len(given.numbers))), None
    rank = np.argsort(order)
    sender, receiver = rank[given.pairs]
    listed = np.argsort(receiver, kind="stable")
    nowhere = np.zeros((len(listed), 3), dtype=np.int64)
    return Incidence(sender[listed], receiver[listed], nowhere), listed


def _chosen(
    known: Mapping[str, np.ndarray],
    columns: Mapping[str, frozenset[str]],
    level: str,
) -> dict[str, np.ndarray]:
    names = columns.get(level, frozenset())
    missing = sorted(names - known.keys())
    if missing:
        raise ValueError(
            f"the network reads {level}.{missing[0]}, which the reference does not "
            f"give; it gives {', '.join(sorted(known))}"
        )
    return {name: known[name] for name in sorted(names)}
