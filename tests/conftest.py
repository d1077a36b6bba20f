"""Fixtures shared by the floors above the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from ngn_core.dataset.crystal_set import CrystalSet
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.experiment.prepare import Prepared, prepare
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.load import load_specs
from ngn_core.spec.spec import Spec

pytest_plugins = ["fixtures.crystals", "fixtures.reference", "fixtures.results"]

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
def reporter() -> Silent:
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
