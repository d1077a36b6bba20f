"""What a plugin's own tests call: every law that a component must obey, at once.

Plugins import this with `ngn_core.api`, so that the laws are imported where they run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

TOLERANCE = 1e-6
"""Of deviations, in standard deviations of the outputs."""

CRYSTALS = 12
"""Crystals that the laws are tried on."""


def check_spec(
    spec: str | Path,
    plugin: Sequence[Path] = (),
    dataset: str = "emt_alloys",
    assignments: Sequence[str] = (),
) -> None:
    """Check a spec's network, with all components that it names.

    The laws of `ngn check` (rotation, mirror, translation, permutation, supercell,
    batch = singles, any cell, asymmetric unit and orbits with their multiplicities, in
    training too), then shapes, the order of edges, atoms without edges, finite
    gradients, gradients against finite differences in float64, and weights that are
    stored and loaded. Laws that the component declares itself exempt from are left out.

    Args:
        spec: file, or name of a shipped spec.
        plugin: files with components; installed ones are there anyway.
        dataset: crystals to try it on.
        assignments: `KEY=VALUE`, over the spec's own.

    Raises:
        AssertionError: with a sentence for each law that is broken.
        SpecError: where the spec or a component of it cannot be built.
    """
    from ngn_core.checks.check import check
    from ngn_core.checks.numerics import find_numerical_problems
    from ngn_core.dataset.open import open_dataset
    from ngn_core.dataset.select import select
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.spec.load import load_specs

    registry = collect(plugin_manager(plugin))
    (loaded,) = load_specs([str(spec)], registry, assignments)
    crystals = select(open_dataset(dataset, registry), None, limit=CRYSTALS)
    found = check(loaded, crystals, 0, TOLERANCE)
    problems = [
        f"{line.law}, {line.what}: {line.note or line.deviation}"
        for line in found.lines
        if line.verdict == "broken"
    ]
    problems += found.problems
    problems += find_numerical_problems(loaded, crystals, TOLERANCE)
    assert not problems, f"{loaded.name}:\n  " + "\n  ".join(problems)


def check_dataset(
    source: str, plugin: Sequence[Path] = (), target: str | None = None
) -> None:
    """Check that a dataset opens, twice the same, with crystals that can be used.

    Args:
        source: what `--dataset` would name.
        plugin: files with components; installed ones are there anyway.
        target: a column that can be predicted.

    Raises:
        AssertionError: where it gives other crystals when it is opened again.
        DatasetError: where it cannot be opened, or a row cannot be used.
    """
    from ngn_core.dataset.open import open_dataset
    from ngn_core.dataset.select import select
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect

    registry = collect(plugin_manager(plugin))
    one, other = (select(open_dataset(source, registry), target) for _ in range(2))
    assert one.digest == other.digest, (
        f"{source}: opened twice, it gives other crystals; expected the same rows in "
        "the same order each time"
    )
    assert len(one) > 0, f"{source}: no crystal"
