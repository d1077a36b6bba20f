"""What is in a dataset on the terminal, and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ngn_core.report.console import page, plain
from ngn_core.report.data_facts import facts, heading
from ngn_core.report.data_tables import survey_tables
from ngn_core.report.formats.json_file import as_json
from ngn_core.report.formats.terminal import print_facts, print_table

if TYPE_CHECKING:
    from ngn_core.inspection.survey import Survey


def print_survey(found: Survey) -> None:
    """Print what is known of the dataset, then the tables."""
    console = page()
    console.print(plain(heading(found), "bold"))
    print_facts(console, facts(found))
    for table in survey_tables(found):
        print_table(console, table)


def survey_as_json(found: Survey) -> str:
    """Return all of it as JSON, every id."""
    return as_json(asdict(found))
