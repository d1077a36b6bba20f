"""The embedded dataset of ordered alloys."""

from __future__ import annotations

from importlib.resources import files
from typing import ClassVar

import ngn_core.api as ngn
from ngn_plugins.datasets.jsonl import read_records, row_of
from ngn_plugins.datasets.source import EMBEDDED
from ngn_plugins.datasets.text_file import text_file


class EMTAlloys(ngn.Dataset):
    """About 1,000 ordered alloys scored by ASE's EMT potential; ships with ngn."""

    name: ClassVar[str] = EMBEDDED
    description: ClassVar[str] = (
        "emt_alloys: ordered alloys of Al, Ni, Cu, Pd, Ag, Pt, Au with energies of the "
        "EMT potential; ships with ngn, model data for trying things out"
    )

    @classmethod
    def opens(cls, source: str) -> bool:  # noqa: D102
        return source == EMBEDDED

    def load(self, source: str) -> ngn.DatasetTable:  # noqa: D102
        file = files("ngn_plugins.datasets.emt_alloys") / "data.jsonl.gz"
        with text_file(file) as lines:
            records = read_records(lines, EMBEDDED)
        return ngn.DatasetTable(
            name=EMBEDDED,
            rows=[row_of(record, where) for where, record in records],
            targets={
                "formation_energy": ngn.Target(
                    "eV/atom", "regression", "fold", per="atom"
                ),
                "bulk_modulus": ngn.Target("GPa", "regression", "fold", per="none"),
                "is_stable": ngn.Target("", "binary", "fold", per="none"),
            },
            note="Model data for trying things out: energies come from the EMT "
            "potential, not from experiment or first principles.",
            default="formation_energy",
            group="formula",  # as its folds have it
        )
