"""A check of the check: mistakes made on purpose, each of which a law must catch."""

from __future__ import annotations

from collections.abc import Mapping

from ngn_core.checks.equivalent_cells import rotated
from ngn_core.checks.exempt import ORBITS
from ngn_core.checks.graphs import Built
from ngn_core.checks.law_report import CaughtMutation
from ngn_core.checks.laws import OUTPUTS, TRAINED, Laws, changes_between
from ngn_core.checks.mutations import MUTATIONS, swap_ends, swapping_matters
from ngn_core.checks.output_scale import measure_output_scale
from ngn_core.crystal.crystal import Crystal
from ngn_core.spec.spec import Spec

_ROTATION = "rotation"


def run_mutation_test(
    spec: Spec, crystals: Mapping[str, Crystal], seed: int, tolerance: float
) -> tuple[CaughtMutation, ...]:
    """Return which laws notice each corruption of the crystals' graphs.

    The graphs under `symmetry: orbits` are corrupted and compared with those under
    `none`; for a spec that is exempt from orbits, its own graphs are, and compared with
    those of the rotated crystals, of which those stay that a rotation does not change.

    Args:
        spec: the architecture.
        crystals: that become graphs, by id.
        seed: of the weights.
        tolerance: above which a law is broken.
    """
    laws = Laws(spec, seed)
    if ORBITS in laws.exempt:
        law = _ROTATION
        right = laws.graphs.build(crystals)
        turned = {n: rotated(c, laws.random_of(law, n)) for n, c in crystals.items()}
        wanted = laws.graphs.build(turned)
    else:
        law = ORBITS
        right = laws.graphs.build(crystals, symmetry="orbits")
        wanted = laws.graphs.build(crystals, symmetry="none")
    both = right.graphs.keys() & wanted.graphs.keys()
    if law == _ROTATION:
        both &= _unchanged(laws, wanted, right, tolerance)
    right, wanted = _only(right, both), _only(wanted, both)
    if not both:
        return tuple(CaughtMutation(name, {}) for name in MUTATIONS)
    caught = []
    for name, corrupt in MUTATIONS.items():
        laws = Laws(spec, seed)
        found = Built(corrupt(right.graphs))
        laws.compare(law, wanted, found)
        laws.compare_training(law, wanted, found)
        if law == ORBITS:
            laws.compare_counts(law, crystals, wanted, found)
        broken = _broken(laws, wanted, tolerance)
        for crystal, graph in found.graphs.items():
            if law == _ROTATION and changes_between(wanted.graphs[crystal], graph):
                broken["number of items"] = None
        is_swap = corrupt is swap_ends
        immaterial = is_swap and not swapping_matters(right.graphs)
        caught.append(CaughtMutation(name, broken, immaterial and not broken))
    return tuple(caught)


def _broken(laws: Laws, wanted: Built, tolerance: float) -> dict[str, float | None]:
    scale = {
        OUTPUTS: measure_output_scale(laws.predict(wanted)),
        TRAINED: measure_output_scale(laws.trained),
    }
    lines = [
        record.line(scale.get(what, 1.0) or 1.0, tolerance)
        for (_, what), record in laws.records.items()
    ]
    return {
        f"{line.law} ({line.what})": line.deviation
        for line in lines
        if line.verdict == "broken"
    }


def _unchanged(laws: Laws, wanted: Built, found: Built, tolerance: float) -> set[str]:
    """Return the crystals on which a rotation changes neither graph nor output."""
    before, after = laws.predict(wanted), laws.predict(found)
    limit = tolerance * measure_output_scale(before)
    return {
        name
        for name in before.keys() & after.keys()
        if abs(before[name] - after[name]) <= limit
        and changes_between(wanted.graphs[name], found.graphs[name]) is None
    }


def _only(built: Built, ids: set[str]) -> Built:
    return Built({name: g for name, g in built.graphs.items() if name in ids})
