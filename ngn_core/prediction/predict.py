"""Predictions for new structures from the trials of a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, pstdev
from typing import Literal

import torch
from torch import Tensor

from ngn_core.crystal.reading import read_file
from ngn_core.dataset.composition import atom_counts, check_formula_units
from ngn_core.dataset.crystal_set import CrystalSet, Skipped
from ngn_core.dataset.dataset import DatasetTable, Row
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.rows import OnDisorder
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError, TrialError
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import result_folders
from ngn_core.packed.graphs import BuiltGraphs, build_graphs
from ngn_core.packed.needs import check_disorder, columns_read
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.registry import Registry
from ngn_core.prediction.ensemble import Trained, ensembles, has_network
from ngn_core.prediction.export import read_exported
from ngn_core.prediction.given_states import given_states
from ngn_core.prediction.portions import portions
from ngn_core.training.target_scaler import TargetScaler

_TABLES = (".jsonl", ".jsonl.gz", ".csv", ".csv.gz")
"""Endings of files with many structures."""

RANDOM = "random weights"
"""What stands in place of a dataset."""


@dataclass(frozen=True)
class Model:
    """The trials of one spec on one target: an ensemble over folds and seeds.

    Attributes:
        spec: its name.
        dataset: what it was trained on.
        target: what it predicts.
        unit: of the target; of binary targets `probability` and of what.
        trials: how many.
    """

    spec: str
    dataset: str
    target: str
    unit: str
    trials: int

    @property
    def is_random(self) -> bool:
        """Return whether nothing was trained."""
        return self.dataset == RANDOM


@dataclass(frozen=True)
class Prediction:
    """What a model says of a structure: mean and spread over its trials."""

    id: str
    model: Model
    mean: float
    std: float


@dataclass(frozen=True)
class Predictions:
    """All predictions, structure by structure, and what was left out.

    Attributes:
        models: that predicted.
        rows: one for each structure and model.
        skipped: structures that cannot be used.
        remarks: sentences on models.
    """

    models: tuple[Model, ...]
    rows: tuple[Prediction, ...]
    skipped: tuple[Skipped, ...]
    remarks: tuple[str, ...] = ()


def predict(
    paths: Sequence[Path],
    registry: Registry,
    device: torch.device,
    on_bad_structure: Literal["error", "skip"] = "error",
    state: str | None = None,
    on_disorder: OnDisorder = "error",
    exported: Path | None = None,
) -> Predictions:
    """Return the predictions of every model for every structure.

    Args:
        paths: trials or folders of them, and structure files or datasets; with an
            exported model structures alone.
        registry: for components and datasets.
        device: where to compute.
        on_bad_structure: what becomes of structures that cannot be used.
        state: of all structures, a number or a label; None: what the file of each says
            in the column that the trials read.
        on_disorder: what becomes of structures with partly occupied or shared sites.
        exported: folder of an exported model, in place of trials.

    Raises:
        TrialError: where no trial is named, or one is damaged.
        WeightsError: where an exported model is damaged.
        DatasetError: where no structure is named, or one cannot be used.
    """
    runs: list[Path] = []
    sources = list(paths)
    if exported is None:
        runs = [folder for path in paths for folder in result_folders(path)]
        sources = [path for path in paths if not any(result_folders(path))]
        if not runs:
            raise TrialError(
                f"no finished trial in {', '.join(map(str, paths))}; expected a folder "
                "that ngn-compare wrote (runs, or a trial in it)"
            )
    if not sources:
        raise DatasetError("no structures to predict; name files, or a folder of them")
    groups: list[tuple[str, Sequence[Trained]]] = []
    if exported is None:
        groups += ensembles(runs, registry)
    else:
        model = read_exported(exported, registry)
        groups.append((model.name, model.trials))
    specs = [group[0].spec for _, group in groups]
    table = structures_table(sources, registry)
    found = select(
        table,
        None,
        on_bad_structure=on_bad_structure,
        on_disorder=on_disorder,
        read=columns_read(specs),
    )
    check_disorder(specs, found)
    skipped = list(found.skipped)
    models, rows = [], []
    for name, group in groups:
        first = group[0]
        scaling = TargetScaler.read(first.result.scaling)
        if scaling.per == "formula_unit":
            check_formula_units(name, found.ids, found.crystals)
        recipe = recipe_of(first.spec, registry)
        known = {row.id for row in skipped}
        said = Model(
            name,
            first.result.dataset,
            first.result.target,
            scaling.prediction_unit(first.result.unit),
            len(group),
        )
        models.append(said)
        for some in portions(found):
            ids, crystals = some.ids, some.crystals
            built = build_graphs(ids, crystals, recipe, None, lambda done: None)
            skipped += [
                Skipped(failed, failed, f"{reason} (spec {first.spec.name})")
                for failed, reason in built.failures.items()
                if failed not in known
            ]
            states = given_states(first.result, built, table, state)
            counts = _counts(some, built)
            rows += _predict(group, said, built, device, states, counts)
    failed = skipped[len(found.skipped) :]
    if failed and on_bad_structure == "error":
        listed = "\n".join(f"  {row.id}: {row.reason}" for row in failed[:20])
        raise DatasetError(
            f"{len(failed)} structures cannot be used; mend them, or leave them out "
            f"with --on-bad-structure skip\n{listed}"
        )
    order = {name: place for place, name in enumerate(found.ids)}
    rows.sort(key=lambda row: order[row.id])
    without = {r.spec for r in map(read_result, runs) if not has_network(r)}
    remarks = [
        f"{spec} is a baseline, which keeps nothing to predict with."
        for spec in sorted(without)
    ]
    return Predictions(tuple(models), tuple(rows), tuple(skipped), tuple(remarks))


def structures_table(sources: Sequence[Path], registry: Registry) -> DatasetTable:
    """Return the structures of files and datasets as one table."""
    rows: list[Row] = []
    for source in sources:
        if source.is_dir() or source.name.endswith(_TABLES):
            rows += open_dataset(str(source), registry).rows
        else:
            read = partial(read_file, source)
            rows.append(Row(str(source), "structure file", read, {}))
    return DatasetTable("structures", rows, {})


def _predict(
    group: Sequence[Trained],
    model: Model,
    built: BuiltGraphs,
    device: torch.device,
    states: Tensor | None,
    counts: Tensor,
) -> list[Prediction]:
    if built.graphs is None:
        return []
    graphs = built.graphs
    if states is not None:
        graphs = graphs.with_crystal_column("state", states)
    graphs = graphs.to(device, torch.float32)
    every = [trained.predictions(graphs, counts, device).tolist() for trained in group]
    columns = list(zip(*every, strict=True))
    return [
        Prediction(name, model, fmean(columns[place]), pstdev(columns[place]))
        for name, place in built.number.items()
    ]


def _counts(found: CrystalSet, built: BuiltGraphs) -> Tensor:
    """Return the atoms of the given cells in the order of the graphs, [n, elements]."""
    crystals = dict(zip(found.ids, found.crystals, strict=True))
    ordered = sorted(built.number, key=built.number.__getitem__)
    return torch.from_numpy(atom_counts([crystals[name] for name in ordered]))
