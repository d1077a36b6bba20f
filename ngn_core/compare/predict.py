"""Predictions for new structures from the trials of a store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from statistics import fmean, pstdev
from typing import Literal

import torch

from ngn_core.compare.result import SPEC, WEIGHTS, Result, read_result
from ngn_core.compare.store import result_folders
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import read_file
from ngn_core.data.crystal_set import Skipped
from ngn_core.data.graphs import BuiltGraphs, build_graphs
from ngn_core.data.open import open_dataset
from ngn_core.data.packed import PackedGraphs
from ngn_core.data.recipe import recipe_of
from ngn_core.data.select import select
from ngn_core.errors import DatasetError, SpecError, StructureError, TrialError
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.plugin.registry import Registry
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec
from ngn_core.training.inference import infer
from ngn_core.training.scaling import Scaling
from ngn_core.training.weights import read_weights

_TABLES = (".jsonl", ".jsonl.gz", ".csv", ".csv.gz")
"""Endings of files with many structures."""


@dataclass(frozen=True)
class Model:
    """The trials of one spec on one target: an ensemble over folds and seeds.

    Attributes:
        spec: its name.
        dataset: what it was trained on.
        target: what it predicts.
        unit: of the target; of binary targets `probability`.
        trials: how many.
    """

    spec: str
    dataset: str
    target: str
    unit: str
    trials: int


@dataclass(frozen=True)
class Prediction:
    """What a model says of a structure: mean and spread over its trials."""

    id: str
    model: Model
    mean: float
    std: float


@dataclass(frozen=True)
class Predictions:
    """All predictions, structure by structure, and what was left out."""

    models: tuple[Model, ...]
    rows: tuple[Prediction, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class _Trained:
    result: Result
    spec: Spec
    network: Network


def predict(
    paths: Sequence[Path],
    registry: Registry,
    device: torch.device,
    on_bad_structure: Literal["error", "skip"] = "error",
    state: str | None = None,
) -> Predictions:
    """Return the predictions of every model for every structure.

    Args:
        paths: trials or folders of them, and structure files or datasets.
        registry: for components and datasets.
        device: where to compute.
        on_bad_structure: what becomes of structures that cannot be used.
        state: of all structures, a number or a label.

    Raises:
        TrialError: where no trial is named, or one is damaged.
        DatasetError: where no structure is named, or one cannot be used.
    """
    runs = [folder for path in paths for folder in result_folders(path)]
    sources = [path for path in paths if not any(result_folders(path))]
    if not runs:
        raise TrialError(
            f"no finished trial in {', '.join(map(str, paths))}; expected a folder "
            "that ngn-compare wrote (runs, or a trial in it)"
        )
    if not sources:
        raise DatasetError("no structures to predict; name files, or a folder of them")
    groups: dict[str, list[_Trained]] = {}
    for folder in runs:
        trained = _load(folder, registry)
        groups.setdefault(trained.result.model, []).append(trained)
    names = _names([group[0].result for group in groups.values()])
    ids, crystals, skipped = _read(sources, registry)
    models, rows = [], []
    for group in groups.values():
        first = group[0]
        recipe = recipe_of(first.spec, registry)
        built = build_graphs(ids, crystals, recipe, None, lambda done: None)
        known = {row.id for row in skipped}
        skipped += [
            Skipped(name, name, f"{reason} (spec {first.spec.name})")
            for name, reason in built.failures.items()
            if name not in known
        ]
        binary = first.result.task == "binary"
        model = Model(
            names[first.result.model],
            first.result.dataset,
            first.result.target,
            "probability" if binary else first.result.unit,
            len(group),
        )
        models.append(model)
        rows += _predict(group, model, built, device, state)
    if skipped and on_bad_structure == "error":
        listed = "\n".join(f"  {row.id}: {row.reason}" for row in skipped[:20])
        raise DatasetError(
            f"{len(skipped)} structures cannot be used; mend them, or leave them out "
            f"with --on-bad-structure skip\n{listed}"
        )
    order = {name: place for place, name in enumerate(ids)}
    rows.sort(key=lambda row: order[row.id])
    return Predictions(tuple(models), tuple(rows), tuple(skipped))


def _names(results: Sequence[Result]) -> dict[str, str]:
    """Return a name for each model; specs of one name are told apart by digest."""
    count = Counter((result.spec, result.dataset, result.target) for result in results)
    names = {}
    for result in results:
        names[result.model] = result.spec
        if count[result.spec, result.dataset, result.target] > 1:
            names[result.model] += f" ({result.epochs} epochs, {result.model[:6]})"
    return names


def _load(folder: Path, registry: Registry) -> _Trained:
    result = read_result(folder)
    try:
        spec = load_specs([str(folder / SPEC)], registry)[0]
        network = build_network(spec)
        network.load_state_dict(read_weights(folder / WEIGHTS))
    except SpecError as error:
        raise TrialError(
            f"{folder}: its spec cannot be read; where it uses a component of a file, "
            f"give the same --plugin FILE as in the comparison\n{error}"
        ) from error
    except (OSError, RuntimeError, UnpicklingError) as error:
        raise TrialError(
            f"{folder}: its spec or weights cannot be loaded "
            f"({type(error).__name__}: {error}); expected an untouched finished trial"
        ) from error
    return _Trained(result, spec, network)


def _read(
    sources: Sequence[Path], registry: Registry
) -> tuple[list[str], list[Crystal], list[Skipped]]:
    """Return ids and crystals of files and datasets, and what cannot be read."""
    ids: list[str] = []
    crystals: list[Crystal] = []
    skipped: list[Skipped] = []
    for source in sources:
        if source.is_dir() or source.name.endswith(_TABLES):
            table = open_dataset(str(source), registry)
            found = select(table, None, on_bad_structure="skip")
            ids += found.ids
            crystals += found.crystals
            skipped += found.skipped
            continue
        try:
            crystal = read_file(source)
            assert len(crystal.numbers)
        except StructureError as error:
            skipped.append(Skipped(str(source), str(source), str(error)))
            continue
        ids.append(str(source))
        crystals.append(crystal)
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise DatasetError(f"ids occur more than once: {', '.join(twice)}")
    return ids, crystals, skipped


def _predict(
    group: Sequence[_Trained],
    model: Model,
    built: BuiltGraphs,
    device: torch.device,
    state: str | None,
) -> list[Prediction]:
    if built.graphs is None:
        return []
    graphs = _with_state(built.graphs, group[0].result, state).to(device, torch.float32)
    numbers = torch.arange(len(graphs))
    every = []
    for trained in group:
        scaling = Scaling(**trained.result.scaling)
        batch_size = trained.spec.train[scaling.task].batch_size
        outputs = infer(trained.network.to(device), graphs, numbers, batch_size)
        every.append(scaling.predictions(outputs.double().cpu()).tolist())
    columns = list(zip(*every, strict=True))
    return [
        Prediction(name, model, fmean(columns[place]), pstdev(columns[place]))
        for name, place in built.number.items()
    ]


def _with_state(
    graphs: PackedGraphs, result: Result, state: str | None
) -> PackedGraphs:
    """Return the graphs with the state's column, where the trial read one."""
    if result.state is None:
        return graphs
    column, labels = result.state["column"], result.state["labels"]
    if state is None:
        expected = f"one of {', '.join(labels)}" if labels else "a number"
        raise DatasetError(
            f"{result.spec} was trained with the state {column!r}; give --state, "
            f"{expected}"
        )
    try:
        value = float(labels.index(state) if labels else state)
    except ValueError as error:
        expected = f"one of {', '.join(labels)}" if labels else "a number"
        raise DatasetError(f"--state {state!r}: expected {expected}") from error
    return graphs.with_crystal_column(
        "state", torch.full((len(graphs),), value).double()
    )
