"""Making hybrids equal in what would confound them: parameters, the scale of sums."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch

from ngn_core.attribution.shapley import Coalition
from ngn_core.comparison.checking import CheckedTarget
from ngn_core.errors import SpecError
from ngn_core.experiment.run_context import Run
from ngn_core.network.architecture import architecture_of
from ngn_core.network.block import Block
from ngn_core.network.build import sums
from ngn_core.packed.packed import PackedGraphs
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import resolve_spec
from ngn_core.spec.spec import Spec

_WIDTHS = ("width", "filters", "dense", "layers")
"""Ends of the keys of widths; numbers of layers are no widths."""

_STEPS = 14
_MULTIPLE = 4
"""Widths are multiples of it, for heads of attention."""

_BATCH = 512


@dataclass(frozen=True)
class Matched:
    """A hybrid that was made equal to the first spec in something.

    Attributes:
        spec: its name.
        said: what was done, in words.
    """

    spec: str
    said: str


def matched(
    specs: Mapping[Coalition, Spec],
    match: Collection[str],
    checked: CheckedTarget,
    run: Run,
) -> tuple[dict[Coalition, Spec], tuple[Matched, ...]]:
    """Return the hybrids, made equal as asked for, and what was done.

    Args:
        specs: the hybrids; the one of no changed factor is the measure.
        match: `parameters`: widths are scaled until each has the number of parameters
            of the first; `scale`: sums onto nodes are divided by the mean number of
            messages.
        checked: crystals.
        run: what graphs are built with.
    """
    made, done = dict(specs), []
    if "parameters" in match:
        wanted = _parameters(specs[frozenset()])
        for changed, spec in made.items():
            if changed:
                made[changed], said = _of_size(spec, wanted, run.registry)
                done.append(Matched(made[changed].name, said))
    if "scale" in match:
        degrees = _degrees(list(made.values()), checked, run)
        for changed, spec in made.items():
            made[changed], said = _scaled(spec, degrees[spec.name], run.registry)
            done.append(Matched(made[changed].name, said))
    return made, tuple(done)


def _of_size(spec: Spec, wanted: int, registry: Registry) -> tuple[Spec, str]:
    """Return the spec with the widths that bring it closest to a size."""
    low, high = 1 / 16, 16.0
    best, gap = spec, abs(_parameters(spec) - wanted)
    for _ in range(_STEPS):
        middle = (low * high) ** 0.5
        plain = deepcopy(spec.resolved())
        plain["network"] = _widened(plain["network"], middle)
        plain["name"] = f"{spec.name} (same parameters)"
        try:
            tried = resolve_spec(plain, registry, f"hybrid {plain['name']}")
            count = _parameters(tried)
        except SpecError:
            high = middle
            continue
        if abs(count - wanted) < gap:
            best, gap = tried, abs(count - wanted)
        low, high = (middle, high) if count < wanted else (low, middle)
    return best, f"{_parameters(best):,} parameters, of {wanted:,} wanted"


def _widened(values: Any, factor: float) -> Any:
    """Return a part of a spec with all its widths times a factor."""
    if isinstance(values, list):
        return [_widened(value, factor) for value in values]
    if not isinstance(values, Mapping):
        return values
    made = {}
    for key, value in values.items():
        is_width = key.endswith(_WIDTHS) and values.get("use") != "column"
        numbers = value if isinstance(value, list) else [value]
        is_count = key.endswith("layers") and not isinstance(value, list)
        if is_width and not is_count and all(type(one) is int for one in numbers):
            scaled = [one if one == 1 else _width(one * factor) for one in numbers]
            made[key] = scaled if isinstance(value, list) else scaled[0]
        else:
            made[key] = _widened(value, factor)
    return made


def _width(wanted: float) -> int:
    return max(_MULTIPLE, _MULTIPLE * round(wanted / _MULTIPLE))


def _parameters(spec: Spec) -> int:
    return architecture_of(spec).parameters


def _degrees(
    specs: Sequence[Spec], checked: CheckedTarget, run: Run
) -> dict[str, list[float]]:
    """Return the mean number of messages onto an item of each level, by spec."""
    prepared = run.prepare(specs, checked.crystals)
    return {name: _degree(graphs) for name, graphs in prepared.graphs.items()}


def _degree(graphs: PackedGraphs) -> list[float]:
    totals = [0.0] * len(graphs.levels)
    for numbers in torch.split(torch.arange(len(graphs)), _BATCH):
        for level, rows in enumerate(graphs.batch(numbers).levels):
            totals[level] += float(rows.weight.sum())
    return [
        upper / max(lower, 1.0)
        for lower, upper in zip(totals[:-1], totals[1:], strict=True)
    ]


def _scaled(
    spec: Spec, degrees: Sequence[float], registry: Registry
) -> tuple[Spec, str]:
    """Return the spec whose sums are divided by the mean number of messages."""
    plain = deepcopy(spec.resolved())
    built = iter(architecture_of(spec).network.blocks)
    kept: set[str] = set()
    for block in plain["network"]["blocks"]:
        found = [next(built) for _ in range(block["repeat"])]
        assert isinstance(found[0], Block)
        _divide(block, found[0], degrees, kept)
    plain["name"] = f"{spec.name} (same scale)"
    said = "sums divided by " + ", ".join(f"{degree:.4g}" for degree in degrees)
    if kept:
        said += f"; {', '.join(sorted(kept))} aggregates in its own way, as it was"
    return resolve_spec(plain, registry, f"hybrid {plain['name']}"), said


def _divide(
    block: dict[str, Any], built: Block, degrees: Sequence[float], kept: set[str]
) -> None:
    if sums(built.hooks):
        block["divide"] = float(f"{degrees[0]:.4g}")
    else:
        kept.add(block["use"])
    if built.nested is not None:
        inner = built.nested[0]
        assert isinstance(inner, Block)
        _divide(block["nest"], inner, degrees[1:], kept)
