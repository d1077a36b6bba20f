"""Predictions for new structures from published weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.elements import symbol_of
from ngn_core.dataset.crystal_set import Skipped
from ngn_core.dataset.rows import OnDisorder
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.needs import check_disorder, columns_read
from ngn_core.packed.packed import PackedGraphs
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.prediction.portions import portions
from ngn_core.prediction.predict import (
    RANDOM,
    Model,
    Prediction,
    Predictions,
    structures_table,
)
from ngn_core.pretrained.checkpoint import Checkpoint, read_published
from ngn_core.spec.spec import Spec
from ngn_core.training.inference import infer

PUBLISHED = "published weights"
"""What stands in place of a dataset."""


def predict_published(
    weights: Path,
    sources: Sequence[Path],
    registry: Registry,
    device: torch.device,
    on_bad_structure: Literal["error", "skip"] = "error",
    state: str | None = None,
    on_disorder: OnDisorder = "error",
    name: str | None = None,
) -> Predictions:
    """Return what published weights predict, in float64.

    Args:
        weights: folder with `config.json` and `weights.npz`.
        sources: structure files or datasets.
        registry: for components and datasets.
        device: where to compute.
        on_bad_structure: what becomes of structures that cannot be used.
        state: of all structures, a number or a label.
        on_disorder: what becomes of structures with partly occupied or shared sites.
        name: of the spec; None: the literal one, which the weights were trained with.

    Raises:
        WeightsError: where the weights do not fit the spec.
        DatasetError: where no structure is named, or one cannot be used.
    """
    if not sources:
        raise DatasetError("no structures to predict; name files, or a folder of them")
    published = read_published(weights, registry)
    spec = published.spec(registry, name)
    network = published.network(spec, torch.float64)
    with published.importing():
        target = published.importer.target(published.config)
    found = select(
        structures_table(sources, registry),
        None,
        on_bad_structure=on_bad_structure,
        on_disorder=on_disorder,
        read=columns_read([spec]),
    )
    check_disorder([spec], found)
    recipe = recipe_of(spec, registry)
    dataset = RANDOM if published.random else PUBLISHED
    model = Model(spec.name, dataset, target.name, target.unit, 1)
    network.to(device)
    batch_size = spec.train["regression"].batch_size
    rows: list[Prediction] = []
    failed: list[Skipped] = []
    for some in portions(found):
        built = build_graphs(some.ids, some.crystals, recipe, None, lambda done: None)
        failed += [Skipped(row, row, reason) for row, reason in built.failures.items()]
        if built.graphs is None:
            continue
        graphs = _with_state(built.graphs, spec, state).to(device, torch.float64)
        outputs = infer(network, graphs, torch.arange(len(graphs)), batch_size).cpu()
        values = (outputs * target.std + target.mean).tolist()
        crystals = dict(zip(some.ids, some.crystals, strict=True))
        for row, place in built.number.items():
            if math.isfinite(values[place]):
                rows.append(Prediction(row, model, values[place], 0.0))
            else:
                failed.append(Skipped(row, row, _unknown(published, crystals[row])))
    if failed and on_bad_structure == "error":
        listed = "\n".join(f"  {row.id}: {row.reason}" for row in failed[:20])
        raise DatasetError(
            f"{len(failed)} structures cannot be used; mend them, or leave them out "
            f"with --on-bad-structure skip\n{listed}"
        )
    own = published.spec(registry)
    remarks = []
    if spec.graph.resolved() != own.graph.resolved():
        remarks.append(
            f"The weights were made for the graph of {published.importer.spec}; on "
            f"that of {name} they may predict something else altogether."
        )
    skipped = (*found.skipped, *failed)
    return Predictions((model,), tuple(rows), skipped, tuple(remarks))


def _unknown(published: Checkpoint, crystal: Crystal) -> str:
    """Return why a prediction is not a number."""
    symbols = sorted({symbol_of(z) for site in crystal.species for z, _ in site})
    return (
        f"the weights of {published.folder} give no number for it; they have no values "
        f"for one of its elements: {', '.join(symbols)}"
    )


def _with_state(graphs: PackedGraphs, spec: Spec, state: str | None) -> PackedGraphs:
    """Return the graphs with the column `state`, where the network reads it.

    Raises:
        DatasetError: where there is no state, or another one than the network knows.
    """
    embed = spec.network.embed.get("state")
    labels = next(
        (
            part.options.labels
            for part in (embed.parts() if embed else ())
            if hasattr(part.options, "labels")
        ),
        None,
    )
    if labels is None:
        if state is not None:
            raise DatasetError(
                f"--state {state!r}: the network of {spec.name} reads no label of a "
                "state"
            )
        return graphs
    if state not in labels:
        found = "no state" if state is None else f"--state {state!r}"
        raise DatasetError(f"{found}; expected --state with one of {', '.join(labels)}")
    value = torch.full((len(graphs),), float(labels.index(state)), dtype=torch.float64)
    return graphs.with_crystal_column("state", value)
