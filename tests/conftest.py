"""Fixtures shared by the floors above the network."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from ngn_core.compare.prepare import Prepared, prepare
from ngn_core.data.crystal_set import CrystalSet
from ngn_core.data.open import open_dataset
from ngn_core.data.select import select
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec

SHARED = Path(__file__).parent.parent.parent / "shared"


class Silent:
    """A watch that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[object, ...]]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *values: self.told.append((name, values))


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    # the tests run side by side
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def registry() -> Registry:
    return collect(plugin_manager())


@pytest.fixture(scope="session")
def small_spec(registry: Registry) -> Spec:
    """CGCNN, narrow and quick to train."""
    assignments = [
        "network.embed.node.width=8",
        "network.blocks.0.repeat=2",
        "network.head.layers=[8, 1]",
        "train.epochs=6",
        "train.batch_size=8",
        "train.optimizer.lr=0.01",
    ]
    return load_specs(["cgcnn"], registry, assignments)[0]


@pytest.fixture(scope="session")
def alloys(registry: Registry) -> CrystalSet:
    table = open_dataset("emt_alloys", registry)
    return select(table, "formation_energy", limit=40)


@pytest.fixture(scope="session")
def prepared(small_spec: Spec, alloys: CrystalSet, registry: Registry) -> Prepared:
    return prepare([small_spec], alloys, registry, None, "error", Silent())


@pytest.fixture(scope="session")
def silent() -> Silent:
    """A watch whose memory nobody reads."""
    return Silent()


@pytest.fixture
def watch() -> Silent:
    return Silent()


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"the folder {SHARED.name} is not beside the checkout")
    return SHARED


CIF = """data_NaCl
_cell_length_a 5.64
_cell_length_b 5.64
_cell_length_c 5.64
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Na1 Na 0 0 0
Cl1 Cl 0.5 0.5 0.5
"""


@pytest.fixture(scope="session")
def cif() -> str:
    """Return the text of a CIF file."""
    return CIF


@pytest.fixture
def reference_folder(tmp_path: Path) -> Path:
    """A small SchNet with random weights and what a plain program makes of NaCl."""
    folder = tmp_path / "reference"
    folder.mkdir()
    drawn = np.random.default_rng(5)
    width, filters, bins, cutoff = 8, 6, 5, 4.5
    shapes = {
        "embedding.weight": (20, width),
        "interactions.0.mlp.0.weight": (filters, bins),
        "interactions.0.mlp.0.bias": (filters,),
        "interactions.0.mlp.2.weight": (filters, filters),
        "interactions.0.mlp.2.bias": (filters,),
        "interactions.0.conv.lin1.weight": (filters, width),
        "interactions.0.conv.lin2.weight": (width, filters),
        "interactions.0.conv.lin2.bias": (width,),
        "interactions.0.lin.weight": (width, width),
        "interactions.0.lin.bias": (width,),
        "lin1.weight": (width // 2, width),
        "lin1.bias": (width // 2,),
        "lin2.weight": (1, width // 2),
        "lin2.bias": (1,),
    }
    w = {name: drawn.normal(size=shape) / 2 for name, shape in shapes.items()}
    config = {
        "architecture": "SchNet",
        "seed": 5,
        "hidden_channels": width,
        "num_filters": filters,
        "num_interactions": 1,
        "num_gaussians": bins,
        "cutoff": cutoff,
        "readout": "add (sum over atoms)",
        "gaussian": {"start": 0.0, "stop": cutoff, "num": bins},
        "target": {"mean": None, "std": None, "atomref": None},
    }
    lattice = 2.82 * (np.ones((3, 3)) - np.eye(3))
    frac = np.array([[0.0, 0.0, 0.0], [0.5, 0.5, 0.5]])
    numbers = np.array([11, 17])
    steps = np.array(list(itertools.product(range(-3, 4), repeat=3)))
    edges = [
        (j, i, *step, np.linalg.norm((frac[j] + step - frac[i]) @ lattice))
        for i in range(2)
        for j in range(2)
        for step in steps.tolist()
    ]
    edges = [edge for edge in edges if 0.1 < edge[5] <= cutoff]
    src, dst = (np.array([edge[end] for edge in edges]) for end in (0, 1))
    length = np.array([edge[5] for edge in edges])

    def ssp(x: np.ndarray) -> np.ndarray:
        return np.log1p(np.exp(x)) - np.log(2)

    def linear(name: str, x: np.ndarray) -> np.ndarray:
        product: np.ndarray = x @ w[f"{name}.weight"].T
        return product + w.get(f"{name}.bias", 0.0)

    centers = np.linspace(0, cutoff, bins)
    gaussians = np.exp(-0.5 * ((length[:, None] - centers) / centers[1]) ** 2)
    kernel = linear(
        "interactions.0.mlp.2", ssp(linear("interactions.0.mlp.0", gaussians))
    )
    kernel *= ((np.cos(np.pi * length / cutoff) + 1) / 2)[:, None]
    node = w["embedding.weight"][numbers]
    received = np.zeros((2, filters))
    np.add.at(received, dst, linear("interactions.0.conv.lin1", node)[src] * kernel)
    update = linear(
        "interactions.0.lin", ssp(linear("interactions.0.conv.lin2", received))
    )
    atoms = linear("lin2", ssp(linear("lin1", node + update)))
    activation = {
        "name": "update/interaction0",
        "shape": list(update.shape),
        "mean": update.mean(),
        "std": update.std(),
        "absmax": np.abs(update).max(),
        "first": update.flatten()[:5].tolist(),
        "last": update.flatten()[-5:].tolist(),
    }
    case = {
        "id": "nacl",
        "structure": {
            "lattice": lattice.tolist(),
            "species": ["Na", "Cl"],
            "atomic_numbers": numbers.tolist(),
            "frac_coords": frac.tolist(),
        },
        "graph": {
            "num_nodes": 2,
            "num_edges": len(edges),
            "edge_src": src.tolist(),
            "edge_dst": dst.tolist(),
            "edge_offset": [list(edge[2:5]) for edge in edges],
            "edge_distance": length.tolist(),
        },
        "output": {"sum": [atoms.sum()], "mean": [atoms.mean()]},
        "activations": [activation, {**activation, "name": "unknown"}],
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "cases.jsonl").write_text(json.dumps(case) + "\n")
    np.savez(folder / "weights.npz", **w)
    return folder
