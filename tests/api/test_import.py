"""The door opens at once: what only people call is imported where it is called."""

import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import ngn
from ngn_core import api

HEAVY = {
    *("lightning", "matplotlib", "optuna", "pandas", "plotly", "pymatgen", "rich"),
    *("scipy", "sklearn", "spglib", "torch_geometric", "torchmetrics"),
}


@pytest.mark.parametrize("module", ["ngn", "ngn_core.api"])
def test_it_is_imported_without_the_engine(module):
    program = f"import sys, {module}; print(*{{n.split('.')[0] for n in sys.modules}})"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(found.stdout.split())


def test_ngn_holds_what_the_api_holds():
    held = {
        name
        for name, value in vars(api).items()
        if name[0] != "_" and not isinstance(value, ModuleType)
    }
    assert {"compare", "open_dataset", "Estimator", "MessageFunction"} <= held
    assert all(getattr(ngn, name) is getattr(api, name) for name in held)


def test_the_wheel_has_the_door():
    root = Path(__file__).parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {"ngn.py", "ngn_core"} <= set(packages)
    assert all((root / package).exists() for package in packages)
