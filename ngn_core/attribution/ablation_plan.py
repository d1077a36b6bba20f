"""From one spec to another: the hybrids between them, and what is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ngn_core.attribution.hybrids import Hybrids, hybrids_between, null_of
from ngn_core.attribution.matching import Matched, matched
from ngn_core.attribution.shapley import Coalition, on_paths, sampled_orders
from ngn_core.comparison.checking import CheckedTarget, asked_dataset, check_target
from ngn_core.comparison.request import Request
from ngn_core.dataset.open import default_target
from ngn_core.errors import NGNError
from ngn_core.experiment.run_context import Run
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec

Match = Literal["parameters", "scale"]
NullAt = Literal["first", "last", "both"]

EXACT = 4
"""Factors up to which all hybrids are trained, unless a number of orders is named."""

ORDERS = 8
"""Orders that are walked where there are more factors."""


@dataclass(frozen=True)
class AttributionOptions:
    """What is asked of two specs.

    Attributes:
        groups: of factors, see `factors_between`.
        orders: walked at most; None: all up to four factors, else eight.
        match: what hybrids are made equal in.
        null_at: ends that are also trained under another symmetry.
    """

    groups: tuple[str, ...] = ()
    orders: int | None = None
    match: tuple[Match, ...] = ()
    null_at: NullAt = "both"


@dataclass(frozen=True)
class AblationPlan:
    """What is trained to explain the way from one spec to another.

    Attributes:
        first: name of the one.
        last: name of the other.
        hybrids: between them.
        specs: those that are trained, by the factors that they have of the last one.
        orders: in which factors change; None: all.
        nulls: ends, and the same with another symmetry.
        matched: what was made equal, and how well.
        target: what is predicted.
        notes: sentences.
    """

    first: str
    last: str
    hybrids: Hybrids
    specs: Mapping[Coalition, Spec]
    orders: tuple[tuple[str, ...], ...] | None
    nulls: tuple[tuple[Spec, Spec], ...]
    matched: tuple[Matched, ...]
    target: str
    notes: tuple[str, ...]

    @property
    def factors(self) -> tuple[str, ...]:
        """Return the names of the factors."""
        return tuple(factor.name for factor in self.hybrids.factors)

    @property
    def every(self) -> list[Spec]:
        """Return every spec that is trained, once."""
        found = {spec.name: spec for spec in self.specs.values()}
        return [*found.values(), *(null for _, null in self.nulls)]


def plan_ablation(
    ends: tuple[str, str],
    options: AttributionOptions,
    request: Request,
    run: Run,
) -> tuple[AblationPlan, CheckedTarget]:
    """Return what will be trained, and the crystals; nothing is trained yet.

    Args:
        ends: paths or names of the two specs.
        options: what is asked of them.
        request: dataset, folds, seeds; its own `specs` are not read.
        run: what graphs are built with.

    Raises:
        NGNError: for anything that is wrong with specs, dataset or inquiry.
    """
    registry = run.registry
    first, last = _loaded(ends, request, registry)
    dataset = asked_dataset(request, registry)
    targets = request.targets or (default_target(dataset),)
    if len(targets) > 1:
        raise NGNError("ngn explain: expected one --target")
    checked = check_target(request, targets[0], [first, last], dataset, registry)
    column = checked.crystals.target
    assert column is not None
    fitted_first, fitted_last = checked.specs
    hybrids = hybrids_between(
        fitted_first, fitted_last, column.task, registry, options.groups
    )
    names = [factor.name for factor in hybrids.factors]
    count = options.orders
    if count is None and len(names) > EXACT:
        count = ORDERS
    orders = None if count is None else sampled_orders(names, count)
    passed = list(hybrids.specs) if orders is None else on_paths(orders)
    specs = {changed: hybrids.specs[changed] for changed in passed}
    specs, made_equal = matched(specs, options.match, checked, run)
    ends_of = {"first": [frozenset[str]()], "last": [frozenset(names)]}
    ends_of["both"] = [*ends_of["first"], *ends_of["last"]]
    beside = [specs[changed] for changed in ends_of[options.null_at]]
    nulls, notes = _nulls(beside, registry)
    if orders is not None and len(passed) == len(hybrids.specs):
        orders = None
    plan = AblationPlan(
        first.name,
        last.name,
        hybrids,
        specs,
        None if orders is None else tuple(orders),
        nulls,
        made_equal,
        targets[0],
        (*checked.notes, *notes),
    )
    return plan, checked


def _loaded(
    ends: Sequence[str], request: Request, registry: Registry
) -> tuple[Spec, Spec]:
    specs = load_specs(ends, registry, request.assignments)
    if len(specs) != 2:
        raise NGNError(f"ngn explain: found {len(specs)} specs; expected two, no sweep")
    if request.epochs is not None:
        if request.epochs < 1:
            raise NGNError(f"--epochs {request.epochs}: expected a number from 1 on")
        specs = [spec.with_epochs(request.epochs) for spec in specs]
    return specs[0], specs[1]


def _nulls(
    ends: Sequence[Spec], registry: Registry
) -> tuple[tuple[tuple[Spec, Spec], ...], list[str]]:
    """Return the ends beside themselves with another symmetry, and what cannot be."""
    nulls, notes = [], []
    for end in ends:
        null = null_of(end, registry)
        if null is None:
            notes.append(
                f"{end.name} cannot have another symmetry; it is no part of the noise "
                "floor."
            )
        else:
            nulls.append((end, replace(null, file=end.file)))
    return tuple(nulls), notes
