"""Datasets: what `--dataset` can open."""

from __future__ import annotations

import ngn_core.api as ngn
from ngn_plugins.datasets.ase_file import ASEFile
from ngn_plugins.datasets.cif_folder import CIFFolder
from ngn_plugins.datasets.csv_file import CSVFile
from ngn_plugins.datasets.emt import EMTAlloys
from ngn_plugins.datasets.jsonl import JSONLines
from ngn_plugins.datasets.matbench import MatBench


@ngn.hookimpl
def ngn_register_datasets() -> list[type]:
    """Return the datasets of ngn."""
    return [EMTAlloys, JSONLines, CIFFolder, CSVFile, ASEFile, MatBench]
