"""A network trained on structures at hand, over the engine of a trial."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ngn_core.comparison.checking import fit_spec
from ngn_core.comparison.device import choose_device
from ngn_core.dataset.composition import atom_counts
from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.dataset import DatasetTable, Target
from ngn_core.dataset.objects import table_from_objects
from ngn_core.dataset.rows import OnDisorder
from ngn_core.dataset.select import select
from ngn_core.experiment.prepare import prepare
from ngn_core.experiment.reporter import SilentReporter
from ngn_core.experiment.trial import make_trial
from ngn_core.network.network import Network
from ngn_core.packed.needs import check_columns
from ngn_core.plugin.registry import Registry
from ngn_core.prediction.ensemble import network_predictions
from ngn_core.prediction.portions import portions
from ngn_core.spec.load import load_one, resolve_spec
from ngn_core.spec.spec import Spec
from ngn_core.training.job import TrainingJob, TrainingResult
from ngn_core.training.target_scaler import TargetScaler
from ngn_core.training.trial import train_trial

_TARGET = "target"


def fit_network(
    given: str | Path | dict[str, Any] | Spec,
    structures: Sequence[Any],
    values: Sequence[Any],
    target: Target,
    registry: Registry,
    *,
    epochs: int | None,
    seed: int,
    device: str,
    on_disorder: OnDisorder,
) -> tuple[Spec, TrainingResult]:
    """Train a spec's network; return the spec as it was trained, and what came of it.

    Args:
        given: a path, the name of a shipped spec, its plain data, or a `Spec`.
        structures: n pymatgen Structures, ASE Atoms or Crystals.
        values: [n], of the target.
        target: what is said of it.
        registry: with the spec's components.
        epochs: in place of the spec's, None: those.
        seed: of the weights, the order of batches and the validation part.
        device: auto, cpu, cuda or cuda:1.
        on_disorder: what becomes of crystals with partly occupied or shared sites.

    Raises:
        NGNError: for structures, values or a spec that cannot be used.
    """
    spec = _spec(given, registry)
    if epochs is not None:
        spec = spec.with_epochs(epochs)
    columns = {_TARGET: np.asarray(values).tolist()}
    targets = {_TARGET: replace(target, column=_TARGET)}
    table = table_from_objects("structures", structures, columns, None, targets)
    crystals = _crystals(spec, table, _TARGET, on_disorder)
    nowhere = np.full(len(crystals), -1)
    crystals = replace(crystals, fold=nowhere, n_folds=1, fold_source="none")
    spec = fit_spec(spec, crystals, registry)
    prepared = prepare([spec], crystals, registry, None, "error", SilentReporter())
    trial = make_trial(spec, prepared.crystals, 0, seed, registry)
    train, validation, _ = (torch.from_numpy(part) for part in trial.parts)
    tested = train[:1]  # a trial tests; here nobody asks for the score
    data = prepared.trial_data(spec.name, train, validation, tested)
    where = choose_device(device)
    with tempfile.TemporaryDirectory() as folder:
        outcome = train_trial(TrainingJob(spec, data, seed, Path(folder)), where)
    return spec, outcome


def network_outputs(
    network: Network,
    scaling: TargetScaler,
    spec: Spec,
    structures: Sequence[Any],
    registry: Registry,
    *,
    device: str,
    on_disorder: OnDisorder,
) -> np.ndarray:
    """Return what a trained network predicts of structures, [n].

    Numbers are in the unit of the target; of a binary target they are the probability
    of 1.

    Raises:
        NGNError: for structures that cannot be used.
    """
    table = table_from_objects("structures", structures, {})
    where = choose_device(device)

    def predict(some: CrystalSet) -> np.ndarray:
        prepared = prepare([spec], some, registry, None, "error", SilentReporter())
        graphs = prepared.graphs[spec.name].to(where, torch.float32)
        atoms = torch.from_numpy(atom_counts(some.crystals))
        found = network_predictions(network, scaling, spec, graphs, atoms, where)
        return np.asarray(found.numpy())

    crystals = _crystals(spec, table, None, on_disorder)
    return np.concatenate([predict(some) for some in portions(crystals)])


def _crystals(
    spec: Spec, table: DatasetTable, target: str | None, on_disorder: OnDisorder
) -> CrystalSet:
    read = check_columns([spec], table, target, has_state=False)
    return select(table, target, read=read, on_disorder=on_disorder)


def _spec(given: str | Path | dict[str, Any] | Spec, registry: Registry) -> Spec:
    if isinstance(given, Spec):
        return given
    if isinstance(given, dict):
        return resolve_spec(given, registry, "(spec)")
    return load_one(str(given), registry)
