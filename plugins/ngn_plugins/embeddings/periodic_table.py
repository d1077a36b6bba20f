"""Elements by a learned row and their place in the periodic table, as in coGN."""

from __future__ import annotations

import csv
from importlib import resources

import torch
from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn

IMPUTED = {
    "mass": 0.0,
    "radius": 209.46,
    "electronegativity": 1.18,
    "ionization_energy": 8.0,
}
"""What stands in for a missing value; of the masses none is missing."""

OXIDATION_FLAGS = 14


class PeriodicTable(ngn.Embedding):
    """Atom input of coGN and coNGN, Ruff et al. 2024 (doi 10.1039/D4DD00018H).

    A learned row, four standardized properties (mass, radius, electronegativity,
    ionization energy) and flags of the oxidation states, through one linear layer.
    Properties are those of PubChem's periodic table; missing ones are imputed before
    they are standardized over the 118 elements. An oxidation state s sets flag
    (s - 7) modulo 14, as in the authors' code.
    """

    name = "periodic_table"
    properties: Tensor

    class Options(ngn.Options):
        """Options of the periodic table."""

        width: int = Field(gt=0, description="width of the learned row and the result")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"atomic_number"})
        self.width = options.width
        self.register_buffer("properties", element_properties())
        elements, properties = self.properties.shape
        self.table = nn.Embedding(elements + 1, options.width)
        self.linear = nn.Linear(options.width + properties, options.width)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the features of each atom's element, [N, width]."""
        element = rows.columns["atomic_number"] - 1
        properties = self.properties.to(self.table.weight.dtype)
        joined = torch.cat([self.table.weight[:-1], properties], dim=1)
        return ngn.Embedded(self.linear(joined).index_select(0, element), None)


def element_properties() -> Tensor:
    """Return standardized properties and oxidation flags, [118, 4 + 14], float64."""
    file = resources.files("ngn_plugins.embeddings") / "periodic_table.csv"
    table = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    columns = []
    for name, imputed in IMPUTED.items():
        values = torch.tensor(
            [float(row[name] or imputed) for row in table], dtype=torch.float64
        )
        columns.append((values - values.mean()) / values.std())
    flags = torch.zeros(len(table), OXIDATION_FLAGS, dtype=torch.float64)
    for position, row in enumerate(table):
        for state in row["oxidation_states"].split():
            flags[position, (int(state) - 7) % OXIDATION_FLAGS] = 1.0
    return torch.cat([torch.stack(columns, dim=1), flags], dim=1)
