"""Crystals that were inspected once for all tests, and a comparison made by hand."""

import random
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
import pytest

from ngn_core.crystal.reading import from_arrays
from ngn_core.experiment.facts import DatasetFacts, TestedCrystal
from ngn_core.experiment.result import Result, Score
from ngn_core.inspection.inspection import inspect
from ngn_core.spec.load import load_specs
from ngn_core.summary.summary import summarize
from ngn_core.summary.tables import ReportOptions, tables_of

PEROVSKITE = from_arrays(
    3.9 * np.eye(3),
    ["Sr", "Ti", "O", "O", "O"],
    [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
)


@pytest.fixture(scope="session")
def perovskite(registry):
    """SrTiO3 with a name to escape: what is known of it, and its picture."""
    (spec,) = load_specs(["congn"], registry)
    return inspect("<STO> & co", PEROVSKITE, spec)


@pytest.fixture(scope="session")
def crowded(registry):
    """Thirty atoms at random, each with many neighbors: all in sight is too much."""
    (spec,) = load_specs(["cogn"], registry)
    grid = np.stack(np.meshgrid(*[np.arange(3)] * 3), axis=-1).reshape(-1, 3)
    frac = (grid + np.random.default_rng(0).uniform(0, 0.4, grid.shape)) / 3
    return inspect("many", from_arrays(9 * np.eye(3), ["C"] * 27, frac), spec)


WRITTEN = """name: {spec}
reference:
  doi: 10.1000/{spec}
  authors: [Ada Lovelace, Jöns Jacob Berzelius]
  title: On {spec} & its 100 % edges
  journal: Journal of Graphs
  volume: 3
  pages: "1-9"
  year: 2024
graph:
  cell: primitive
  symmetry: orbits
  symprec: 0.001
  nest: []
  edges: {{use: knn, neighbors: {neighbors}}}
network:
  embed: {{}}
  blocks:
  - {{repeat: 3, use: plain, batch_norm: true}}
  readout: {{use: mean}}
  head: null
train:
  epochs: 4
  batch_size: 32
  optimizer: {{use: adam, lr: 0.001}}
  schedule: null
  loss: {{use: mae}}
  gradient_clip: null
  validation: 0.0
  patience: null
  batch_by: crystals
  average: null
  precision: float32
"""

FORMULAS = ("NaCl", "SrTiO3", "MoS2", "C")
GROUPS = (225, 221, 194, 227)


@dataclass(frozen=True)
class Model:
    """What a made-up spec is like."""

    name: str
    error: float
    neighbors: int = 12


def results_of(
    model: Model, folds: int = 5, seeds: int = 2, crystals: int = 60
) -> list[Result]:
    """Return the results of a spec that is off by about `error`."""
    return [
        result(model, fold, seed, folds, crystals)
        for fold in range(folds)
        for seed in range(seeds)
    ]


def result(model: Model, fold: int, seed: int, folds: int, crystals: int) -> Result:
    """Return one trial's result."""
    drawn = random.Random(f"{model.name} {fold} {seed}")
    rows = []
    for number in range(fold, crystals, folds):
        target = float(number % 17)
        rows.append((f"c<{number}>", target, target + drawn.gauss(0, model.error)))
    mae = sum(abs(b - a) for _, a, b in rows) / len(rows)
    rmse = (sum((b - a) ** 2 for _, a, b in rows) / len(rows)) ** 0.5
    tested = {
        f"c<{number}>": TestedCrystal(
            FORMULAS[number % 4], GROUPS[number % 4] if number % 7 else None, number + 1
        )
        for number in range(fold, crystals, folds)
    }
    curve = tuple(
        {"epoch": epoch, "train_loss": model.error / epoch, "validation_loss": None}
        for epoch in range(1, 5)
    )
    return Result(
        digest=sha256(f"{model.name} {fold} {seed}".encode()).hexdigest(),
        model=model.name,
        spec=model.name,
        dataset="made",
        dataset_digest="d",
        target="gap",
        unit="eV",
        task="regression",
        fold=fold,
        n_folds=folds,
        seed=seed,
        epochs=4,
        train_size=crystals - len(rows),
        scores=(
            Score("mae", "MAE", mae, "eV", "lower"),
            Score("rmse", "RMSE", rmse, "eV", "lower"),
        ),
        cost={"parameters": 1000.0 * model.neighbors, "flops_per_crystal": 1e6},
        graph={"node": 4.0, "edge": 4.0 * model.neighbors, "build_seconds": 0.001},
        state=None,
        scaling={},
        environment={
            "python": "3.11",
            "cpu": "a processor",
            "cores": 2,
            "threads": 1,
            "device": "cpu",
            "packages": {"torch": "2.8"},
        },
        predictions=tuple(rows),
        curve=curve,
        written=WRITTEN.format(spec=model.name, neighbors=model.neighbors),
        facts=DatasetFacts("d", crystals, "official", tested=tested),
    )


@pytest.fixture(scope="session")
def made_results():
    """Results of three specs, one of them far off, without any training."""
    models = (Model("good <1>", 1.0), Model("near", 1.02, 24), Model("far", 9.0, 6))
    return [one for model in models for one in results_of(model)]


@pytest.fixture(scope="session")
def comparison(made_results, registry):
    """What these results say."""
    return summarize(tables_of(made_results, registry, ReportOptions()))


@pytest.fixture(scope="session")
def comparisons(made_results, registry):
    """What results on two targets say."""
    others = [
        replace(one, target="mass", digest=f"f{one.digest[1:]}") for one in made_results
    ]
    return summarize(tables_of([*made_results, *others], registry, ReportOptions()))
