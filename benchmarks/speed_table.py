"""The table of `benchmarks/speed.py`, in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

BARS = {
    ("cogn", "matbench_phonons"): 3.5,
    ("cogn", "matbench_perovskites"): 3.0,
    ("congn", "matbench_phonons"): 5.0,
    ("alignn", "matbench_phonons"): 8.0,
    ("dimenetpp", "matbench_phonons"): 8.0,
    ("matformer", "matbench_phonons"): 10.0,
    ("megnet", "matbench_phonons"): 3.0,
    ("m3gnet", "matbench_phonons"): 5.0,
    ("schnet", "matbench_phonons"): 3.0,
    ("cgcnn", "matbench_phonons"): 2.0,
}
"""How many times faster than the peer our `orbits` are to train."""

HEAD = (
    "network",
    "side",
    "nodes",
    "edges",
    "angles",
    "train, graphs/s",
    "epoch, s",
    "predict, graphs/s",
    "assembly, % of a step",
    "memory, MiB",
    "`orbits` is faster by",
    "in processor time",
)
KEYS = ("nodes", "edges", "angles")


def table(found: Mapping[str, Any]) -> str:
    """Return a section a set, a line a side."""
    runs = found.get("runs", {})
    sections = ["# Training and prediction speed, side by side", *preface(runs)]
    for dataset in dict.fromkeys(name.split()[0] for name in runs):
        sections.append(f"## {dataset}")
        lines = [row(HEAD), row(["---"] * len(HEAD))]
        remarks = []
        for name, run in runs.items():
            if name.split()[0] == dataset:
                network = name.split()[1]
                lines += rows(dataset, network, run)
                remarks += [
                    f"- {network}, {side}: {why}" for side, why in run["failed"].items()
                ]
        sections += ["\n".join(lines), *(["\n".join(remarks)] if remarks else [])]
    return "\n\n".join(sections) + "\n"


def preface(runs: Mapping[str, Any]) -> list[str]:
    """Return what was measured on, once for every place."""
    places: dict[str, list[float]] = {}
    for run in runs.values():
        setting = run["setting"]
        there = setting["environment"]
        place = (
            f"{there['cpu']}, {there['threads']} threads, batch {setting['batch']}, "
            f"{setting['crystals']} crystals, torch {there['packages']['torch']}"
        )
        loads = [one["load"] for one in run["alternations"]]
        places.setdefault(place, []).extend(loads)
    return [
        "Medians over alternations; a step is assembly, prediction, gradients and "
        "update; memory is what a side takes beyond its libraries, graphs and weights; "
        "`none` are our graphs without symmetry on the same cell.",
        *(
            f"{place}; load of the machine while measuring {min(loads):.1f} to "
            f"{max(loads):.1f}."
            for place, loads in places.items()
            if loads
        ),
    ]


def rows(dataset: str, network: str, run: Mapping[str, Any]) -> list[str]:
    """Return the lines of one network."""
    found = []
    alternations = run["alternations"]
    for side, facts in run["sides"].items():
        passes = [one["sides"][side] for one in alternations if side in one["sides"]]
        if not passes:
            continue
        crystals, size = run["setting"]["crystals"], run["setting"]["batch"]
        train, infer, assemble = (
            median(one[mode]["seconds"] for one in passes)
            for mode in ("train", "infer", "assemble")
        )
        memory = [one["train"]["memory_mib"] for one in passes]
        known = [value for value in memory if value is not None]
        found.append(
            row(
                [
                    network if size == 64 else f"{network}, batch {size}",
                    "`" + side + "`" if side != "peer" else peer_name(facts),
                    *(count(facts.get(key)) for key in KEYS),
                    f"{crystals / train:.0f}",
                    count(run["setting"]["set_size"] * train / crystals),
                    f"{crystals / infer:.0f}",
                    "-" if side == "peer" else f"{100 * assemble / train:.1f}",
                    f"{max(known):.0f}" if known else "-",
                    faster(dataset, network, side, alternations),
                    ratios_of(side, alternations, "processor_seconds"),
                ]
            )
        )
    return found


def peer_name(facts: Mapping[str, Any]) -> str:
    """Return the package or repository that a peer's network is of, and which."""
    if "code" in facts:
        return str(facts["code"])
    packages = facts["packages"]
    name = next(name for name in packages if name != "torch")
    return f"{name} {packages[name]}"


def faster(
    dataset: str, network: str, side: str, alternations: Sequence[Mapping[str, Any]]
) -> str:
    """Return how many times faster our quotient trains, and whether a bar holds."""
    told = ratios_of(side, alternations, "seconds")
    bar = BARS.get((network, dataset)) if side == "peer" else None
    if (network, dataset, side) == ("cogn", "matbench_phonons", "none"):
        bar = 4.0
    if bar is None or not told:
        return told
    return f"{told}; {bar:g} {'holds' if float(told.split()[0]) >= bar else 'MISSED'}"


def ratios_of(side: str, alternations: Sequence[Mapping[str, Any]], key: str) -> str:
    """Return the median of how many times longer a side trains, and its range."""
    found = [
        one["sides"][side]["train"][key] / one["sides"]["orbits"]["train"][key]
        for one in alternations
        if {side, "orbits"} <= set(one["sides"])
    ]
    if side == "orbits" or not found:
        return ""
    return f"{median(found):.1f} ({min(found):.1f} to {max(found):.1f})"


def count(value: float | None) -> str:
    """Return a mean number, with one decimal where it is small."""
    return "-" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def row(cells: Sequence[str]) -> str:
    """Return a line of a table."""
    return "| " + " | ".join(cells) + " |"
