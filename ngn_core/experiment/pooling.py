"""The readout of a spec against what its target is counted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ngn_core.dataset.crystal_set import CrystalSet, TargetColumn
from ngn_core.errors import Problem, SpecError
from ngn_core.network.architecture import architecture_of
from ngn_core.network.readout import AS_TARGET
from ngn_core.plugin.options import Use
from ngn_core.plugin.registry import Registry
from ngn_core.spec.spec import Spec

_PATH = "network.readout"


def with_pooling(
    specs: Sequence[Spec], crystals: CrystalSet, registry: Registry
) -> list[Spec]:
    """Return the specs with `as_target` as the mean or the sum that the target wants.

    Raises:
        SpecError: for every spec that sums up a target which does not grow with the
            cell, or takes the mean for one that does where cells differ in size; not
            for those that say `against_target: true`.
    """
    target = crystals.target
    assert target is not None
    chosen = [_chosen(spec, target, registry) for spec in specs]
    differ = len({len(crystal.species) for crystal in crystals.crystals}) > 1
    problems = [
        problem
        for spec in chosen
        if not spec.network.against_target
        for problem in _contradictions(spec, target, differ)
    ]
    if problems:
        raise SpecError(problems)
    return chosen


def _chosen(spec: Spec, target: TargetColumn, registry: Registry) -> Spec:
    """Return a spec whose readout says what it does."""
    pool: Literal["mean", "sum"] = "sum" if target.extensive else "mean"
    use = spec.network.readout
    if use.name == AS_TARGET:
        entry = registry.get("readout", pool)
        assert entry is not None
        component = entry.component
        use = Use(use.kind, component, component.Options())  # type: ignore[attr-defined]
    elif getattr(use.options, "pool", None) == AS_TARGET:
        use = replace(use, options=use.options.model_copy(update={"pool": pool}))
    return replace(spec, network=replace(spec.network, readout=use))


def _contradictions(spec: Spec, target: TargetColumn, differ: bool) -> list[Problem]:
    """Return what is wrong with a readout, of a target of which it is declared."""
    sums, per = architecture_of(spec).extensive, target.declared.per
    if per is None or sums == target.extensive:
        return []
    if sums:
        found = f"{spec.network.readout.name}, a sum over the atoms of the cell"
        reason = f"{_told(target)} does not grow with the cell"
    elif differ:
        found = f"{spec.network.readout.name}, which does not grow with the cell"
        reason = f"{_told(target)} does, and cells differ in size"
    else:
        return []  # as many atoms in every cell: a factor that is learned
    expected = f"as_target, for {reason}; or against_target: true beside it"
    return [spec.problem(_PATH, found, expected)]


def _told(target: TargetColumn) -> str:
    """Return the target with what decides its pooling."""
    told = f"{target.name}, per: {target.declared.per}"
    if target.task == "binary":
        return f"{told} and binary,"
    if target.declared.transform != "none":
        return f"{told} and transform: {target.declared.transform},"
    return told
