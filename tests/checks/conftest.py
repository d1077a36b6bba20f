"""What is checked: a few alloys, and networks that make mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import resolve_spec

PLUGIN = Path(__file__).parent / "mistaken.py"


@pytest.fixture(scope="session")
def few(registry):
    """Alloys without targets, of several symmetries."""
    return select(open_dataset("emt_alloys", registry), None, limit=8)


@pytest.fixture(scope="session")
def mistaken_registry():
    return collect(plugin_manager([PLUGIN]))


@pytest.fixture(scope="session")
def mistaken(mistaken_registry):
    """A function: a small spec that makes one mistake."""

    def spec(mistake="none", use="mistaken", readout="mean", edges=None, **graph):
        edges = edges or {"use": "knn", "neighbors": 8}
        data = {
            "name": mistake,
            "graph": {"edges": edges, **graph},
            "network": {
                "embed": {
                    "node": {"use": "element", "width": 6},
                    "edge": {
                        "use": "gaussian",
                        "of": "length",
                        "bins": 6,
                        "stop": 5.0,
                    },
                },
                "blocks": [{"repeat": 2, "use": use, "mistake": mistake}],
                "readout": readout,
                "head": {"use": "mlp", "layers": [1]},
            },
            "train": {
                "epochs": 1,
                "batch_size": 8,
                "optimizer": {"use": "adam", "lr": 0.01},
            },
        }
        return resolve_spec(data, mistaken_registry, "a test")

    return spec
