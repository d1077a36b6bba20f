"""From spec files to specs: read, extend, override, resolve; all problems at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ngn_core.errors import Problem, SpecError
from ngn_core.plugin.registry import Registry
from ngn_core.spec.baseline import Baseline
from ngn_core.spec.document import Document, Place
from ngn_core.spec.envelope import read_spec
from ngn_core.spec.extend import read_extended
from ngn_core.spec.library import find_spec, look_up
from ngn_core.spec.override import override
from ngn_core.spec.resolve import Resolver
from ngn_core.spec.spec import Spec
from ngn_core.spec.sweep import Point, expand


def load_specs(
    names: Sequence[str], registry: Registry, assignments: Sequence[str] = ()
) -> list[Spec]:
    """Return the networks' specs that paths or names of shipped specs mean.

    Args:
        names: paths of files, or names of shipped specs.
        registry: where components are looked up.
        assignments: `key=value` overrides, applied to each spec.

    Raises:
        SpecError: with every problem of every file; a baseline is one.
    """
    specs = []
    problems = []
    for spec in load_all(names, registry, assignments):
        if isinstance(spec, Spec):
            specs.append(spec)
        else:
            expected = "an architecture with `graph` and `network`; a baseline has none"
            problems.append(spec.problem("estimator", spec.estimator.name, expected))
    if problems:
        raise SpecError(problems)
    return specs


def load_one(name: str, registry: Registry, assignments: Sequence[str] = ()) -> Spec:
    """Return the one network's spec that a path or a name means.

    Raises:
        SpecError: with every problem; a sweep is more than one.
    """
    specs = load_specs([name], registry, assignments)
    if len(specs) > 1:
        found = f"a sweep of {len(specs)} specs"
        raise SpecError([Problem(name, None, "sweep", found, "one spec")])
    return specs[0]


def load_all(
    names: Sequence[str],
    registry: Registry,
    assignments: Sequence[str] = (),
    sweeps: Sequence[str] = (),
) -> list[Spec | Baseline]:
    """Return the specs of networks and of baselines.

    Args:
        names: paths of files, or names of shipped specs.
        registry: where components are looked up.
        assignments: `key=value` overrides, applied to each spec.
        sweeps: `key=value,value`, a grid of each spec, over its own `sweep:`.

    Raises:
        SpecError: with every problem of every file.
    """
    specs, problems = try_specs(names, registry, assignments, sweeps)
    if problems:
        raise SpecError(problems)
    return specs


def try_specs(
    names: Sequence[str],
    registry: Registry,
    assignments: Sequence[str] = (),
    sweeps: Sequence[str] = (),
) -> tuple[list[Spec | Baseline], list[Problem]]:
    """Return the specs that have no problems, and the problems of the others."""
    specs: list[Spec | Baseline] = []
    found: dict[str, Sequence[Problem]] = {}
    for name in names:
        try:
            document = read_extended(find_spec(name), look_up)
            points = expand(override(document, assignments), sweeps)
        except SpecError as error:
            found[name] = error.problems
            continue
        for document, point in points:
            try:
                specs.append(_at(point, _resolve(document, registry)))
            except SpecError as error:
                told = found.get(name, ())
                new = [one for one in error.problems if one not in told]
                found[name] = [*told, *new]
    return specs, [*_told_once(found, len(names)), *_equal_names(specs)]


def resolve_spec(
    data: Mapping[str, Any],
    registry: Registry,
    origin: str,
    assignments: Sequence[str] = (),
) -> Spec:
    """Return the spec of plain data, as `Spec.resolved` gives it.

    Args:
        data: the spec.
        registry: where components are looked up.
        origin: what stands in place of the file.
        assignments: `key=value` overrides.

    Raises:
        SpecError: with every problem.
    """
    document = Document(dict(data), {(): Place(origin, None)})
    spec = _resolve(override(document, assignments), registry)
    assert isinstance(spec, Spec)
    return spec


def override_spec(
    spec: Spec,
    registry: Registry,
    assignments: Sequence[str],
    origin: str | None = None,
) -> Spec:
    """Return a spec with `key=value` overrides.

    Args:
        spec: as it was loaded.
        registry: where components are looked up.
        assignments: the overrides.
        origin: the file that says so, for messages; None: the flag `--set`.

    Raises:
        SpecError: with every problem.
    """
    found = _resolve(override(spec.document, assignments, origin), registry)
    assert isinstance(found, Spec)
    return found


def _resolve(document: Document, registry: Registry) -> Spec | Baseline:
    resolver = Resolver(registry, document, list(document.problems))
    spec = read_spec(resolver)
    if spec is None:
        raise SpecError(sorted(resolver.problems, key=_order))
    return spec


def _at(point: Point | None, spec: Spec | Baseline) -> Spec | Baseline:
    """Return a spec that knows its point of a sweep."""
    return spec if point is None else replace(spec, point=point)


def _order(problem: Problem) -> tuple[bool, str, int]:
    """Return the place in the order by file and line, flags and whole files last."""
    return problem.line is None, problem.file, problem.line or 0


def _told_once(found: Mapping[str, Sequence[Problem]], specs: int) -> list[Problem]:
    """Return the problems of all specs; those of a flag name the specs they are in."""
    told: dict[Problem, list[str]] = {}
    for name, problems in found.items():
        for problem in problems:
            told.setdefault(problem, []).append(name)
    return [
        replace(problem, file=f"{problem.file} ({', '.join(names)})")
        if problem.file.startswith(("--set", "--sweep")) and len(names) < specs
        else problem
        for problem, names in told.items()
    ]


def _equal_names(specs: Sequence[Spec | Baseline]) -> list[Problem]:
    """Return a problem for each spec that is named as one before it."""
    first: dict[str, Spec | Baseline] = {}
    problems = []
    for spec in specs:
        other = first.setdefault(spec.name, spec)
        if other is not spec:
            found = f"{spec.name!r}, the name of {other.file} too"
            expected = "a name of its own, for the tables"
            problem = spec.document.problem(("name",), found, expected)
            inherited = problem.file != spec.file
            problems.append(
                replace(problem, file=spec.file, line=None) if inherited else problem
            )
    return problems
