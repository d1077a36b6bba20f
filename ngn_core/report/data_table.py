"""What is in a dataset on the terminal, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.table import Table

from ngn_core.inspection.survey import Survey
from ngn_core.report.data_rows import facts, heading, sheets
from ngn_core.report.fitting import print_sheet
from ngn_core.report.leakage import leakage_as_plain
from ngn_core.report.page import page, plain


def print_survey(found: Survey) -> None:
    """Print what is known of the dataset, then the tables."""
    console = page()
    console.print(plain(heading(found), "bold"))
    about = Table.grid(padding=(0, 2))
    for name, text in facts(found):
        about.add_row(plain(name, "dim"), plain(text))
    console.print(about)
    for sheet in sheets(found):
        print_sheet(console, sheet)


def as_json(found: Survey) -> str:
    """Return all of it as JSON, every id."""
    plain_survey = asdict(found)
    if found.leakage is not None:
        plain_survey["leakage"] = leakage_as_plain(found.leakage)
    return json.dumps(plain_survey, indent=1, ensure_ascii=False)
