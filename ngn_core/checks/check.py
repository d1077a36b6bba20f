"""`ngn check`: the laws on the crystals of a dataset."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from ngn_core.checks.exempt import ONCE, VACUUM
from ngn_core.checks.law_report import CaughtMutation, LawLine, LawReport
from ngn_core.checks.laws import OUTPUTS, STORED, TRAINED, Laws
from ngn_core.checks.mutation_test import run_mutation_test
from ngn_core.checks.output_scale import measure_output_scale
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.errors import DatasetError
from ngn_core.spec.spec import Spec

BAR = 0.01
"""Largest share of crystals that may change when they are written another way."""

CONSTANT = 1e-8
"""Outputs that spread less than this part of their size are constant."""

_TOGETHER = 32


def check(
    spec: Spec,
    crystals: CrystalSet,
    seed: int = 0,
    tolerance: float = 1e-6,
    with_self_test: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> LawReport:
    """Return how well a spec's network with random weights obeys the laws.

    Args:
        spec: the architecture.
        crystals: at least two that differ; targets are not read.
        seed: of the weights and of the laws' random choices.
        tolerance: largest deviation, see `LawLine`.
        with_self_test: whether graphs are corrupted, too, to see it noticed.
        progress: is told how many crystals are done, and of how many.

    Raises:
        DatasetError: where no crystal becomes a graph.
        SpecError: where the network cannot be built.
    """
    laws = Laws(spec, seed)
    named = dict(zip(crystals.ids, crystals.crystals, strict=True))
    for start in range(0, len(crystals), _TOGETHER):
        progress(start, len(crystals))
        laws.measure({n: named[n] for n in crystals.ids[start : start + _TOGETHER]})
    progress(len(crystals), len(crystals))
    unbuilt = {row.id: row.reason for row in crystals.skipped} | laws.unbuilt
    if not laws.outputs:
        first, reason = next(iter(unbuilt.items()))
        raise DatasetError(
            f"{crystals.name}: none of {len(unbuilt)} crystals became a graph; "
            f"{first}: {reason}"
        )
    lines, problems = _lines(laws, tolerance)
    share = len(laws.changed) / len(laws.outputs)
    if share > BAR:
        problems.append(
            f"{len(laws.changed)} of {len(laws.outputs)} crystals ({share:.1%}) change "
            "their space group or their number of edges when they are only written "
            f"another way; expected at most {BAR:.0%}"
        )
    caught: tuple[CaughtMutation, ...] = ()
    if with_self_test:
        some = [name for name in crystals.ids if name in laws.outputs][:_TOGETHER]
        caught = run_mutation_test(spec, {n: named[n] for n in some}, seed, tolerance)
    return LawReport(
        spec=spec.name,
        dataset=crystals.name,
        seed=seed,
        tolerance=tolerance,
        crystals=len(laws.outputs),
        spread=measure_output_scale(laws.outputs),
        lines=lines,
        sizes=laws.sizes(),
        changed={name: "; ".join(found) for name, found in laws.changed.items()},
        bar=BAR,
        without_symmetry=laws.without_symmetry,
        unbuilt=unbuilt,
        problems=tuple(problems),
        caught=caught,
    )


def _lines(laws: Laws, tolerance: float) -> tuple[tuple[LawLine, ...], list[str]]:
    """Return the verdicts, and sentences on outputs that no verdict stands on."""
    spreads, problems = {}, []
    for what, outputs in ((OUTPUTS, laws.outputs), (TRAINED, laws.trained)):
        spreads[what] = measure_output_scale(outputs)
        sentence = _flat(what, outputs, spreads[what])
        if outputs and sentence is not None:
            problems.append(sentence)
    if laws.random:
        problems.append(
            "two equal steps of training differ, so that training cannot be compared; "
            "use torch's dropout modules, which the check switches off"
        )
    lines = []
    for (law, what), record in laws.records.items():
        scale = spreads.get(what, 1.0) or 1.0
        line = record.line(scale, tolerance, laws.exempt.get(law))
        if law == VACUUM:
            note = "" if record.apart else "no crystal has vacuum"
            line = replace(line, verdict="reported", note=note)
        lines.append(line)
    measured = {line.law for line in lines}
    for law, reason in laws.exempt.items():
        if law not in measured:
            what = STORED if law == ONCE else OUTPUTS
            lines.append(LawLine(law, what, None, None, 0, "exempt", reason))
    return tuple(lines), problems


def _flat(what: str, outputs: dict[str, float], spread: float) -> str | None:
    """Return why outputs show nothing; None where they do."""
    wild = [name for name, value in outputs.items() if not math.isfinite(value)]
    if wild:
        return f"{what} of {len(wild)} crystals are not finite, of {wild[0]} first"
    size = max((abs(value) for value in outputs.values()), default=0.0)
    if len(outputs) < 2:
        return f"{what} of {len(outputs)} crystal say nothing; the laws need two"
    if spread <= CONSTANT * size:
        return (
            f"{what} are nearly constant over {len(outputs)} crystals (mean size "
            f"{size:.3g}, standard deviation {spread:.3g}); no law can be seen on them"
        )
    return None
