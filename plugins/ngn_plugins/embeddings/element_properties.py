"""Elements by many tabulated properties and their place in the periodic table."""

from __future__ import annotations

import csv
from importlib import resources

import torch
from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn
from ngn_plugins.embeddings.periodic_table import element_properties

PROPERTIES = (
    "electronegativity",
    "radius",
    "van_der_waals_radius",
    "mendeleev_number",
    "ionization_energy",
    "electron_affinity",
    "molar_volume",
)
LOGARITHMIC = (
    "mass",
    "melting_point",
    "boiling_point",
    "bulk_modulus",
    "youngs_modulus",
    "velocity_of_sound",
    "thermal_conductivity",
    "thermal_expansion",
    "resistivity",
)
"""Properties that span orders of magnitude: their logarithm is standardized."""

SHELLS = {"s": 2, "p": 6, "d": 10, "f": 14}
"""Electrons of each full subshell."""

PERIODS, GROUPS = 7, 18


class ElementProperties(ngn.Embedding):
    """What is known of an element beside a short learned row, our own.

    What coGN's `periodic_table` has, oxidation states among it, sixteen more
    standardized properties with a flag each that says whether the value is known (0
    stands for one that is not), flags of period and group, and how full the s, p, d and
    f subshells are that the period fills, with a learned row through one linear layer.
    A row that is short leaves most to what elements have in common, which helps where
    an element is rare in training. Values are those of pymatgen's periodic table: radii
    in Å (calculated, van der Waals), energies in eV, molar volume in cm³, temperatures
    in K, moduli in GPa, sound in m/s, conductivity in W/(m K), expansion in 1/K,
    resistivity in Ω m. That tabulated properties of elements help small sets is an idea
    of Ward et al. 2016 (doi 10.1038/npjcompumats.2016.28).
    """

    name = "element_properties"
    known: Tensor

    class Options(ngn.Options):
        """Options of the properties."""

        row: int = Field(16, ge=0, description="width of the learned row")
        width: int = Field(gt=0, description="width of the result")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"atomic_number"})
        self.width = options.width
        self.register_buffer("known", known_of_elements(), persistent=False)
        elements, known = self.known.shape
        self.table = nn.Embedding(elements, options.row) if options.row else None
        self.linear = nn.Linear(options.row + known, options.width)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the features of each atom's element, [N, width]."""
        element = rows.columns["atomic_number"] - 1
        joined = self.known.to(self.linear.weight.dtype)
        if self.table is not None:
            joined = torch.cat([self.table.weight, joined], dim=1)
        return ngn.Embedded(self.linear(joined).index_select(0, element), None)


def known_of_elements() -> Tensor:
    """Return coGN's columns, ours, flags and fillings, [118, 18 + 32 + 29], float64."""
    file = resources.files("ngn_plugins.embeddings") / "element_properties.csv"
    table = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))

    def column(name: str) -> Tensor:
        values = [float(row[name] or "nan") for row in table]
        return torch.tensor(values, dtype=torch.float64)

    columns = []
    for name in (*PROPERTIES, *LOGARITHMIC):
        values = column(name).log() if name in LOGARITHMIC else column(name)
        there = values.isfinite()
        spread = values[there].std()
        standardized = (values - values[there].mean()) / spread
        columns += [standardized.nan_to_num(nan=0.0), there.double()]
    columns += [column("period") == number for number in range(1, PERIODS + 1)]
    columns += [column("group") == number for number in range(1, GROUPS + 1)]
    columns += [column(shell) / electrons for shell, electrons in SHELLS.items()]
    own = torch.stack([one.double() for one in columns], dim=1)
    return torch.cat([element_properties(), own], dim=1)
