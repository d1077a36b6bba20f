"""A report is made of stored results alone: no torch is imported on the way."""

import subprocess
import sys

from ngn_core.experiment.facts import write_facts
from ngn_core.experiment.result import write_result

PROGRAM = """
import pkgutil, sys
from importlib import import_module
from pathlib import Path

for room in ("ngn_core.statistics", "ngn_core.summary", "ngn_core.report"):
    found = pkgutil.walk_packages(import_module(room).__path__, f"{room}.")
    for name in [module.name for module in found]:
        import_module(name)
        assert "torch" not in sys.modules, name

from ngn_core.experiment.stored import read_results
from ngn_core.plugin.registry import Registry
from ngn_core.report.files import write_report
from ngn_core.report.terminal import print_summary
from ngn_core.summary.summary import summarize
from ngn_core.summary.tables import ReportOptions, tables_of

runs, out = map(Path, sys.argv[1:])
summary = summarize(tables_of(read_results([runs]), Registry({}), ReportOptions()))
print_summary(summary)
write_report(summary, out)
assert "torch" not in sys.modules
"""


def test_reports_are_imported_and_made_without_torch(made_results, tmp_path):
    for result in made_results:
        folder = tmp_path / "runs" / result.digest
        folder.mkdir(parents=True)
        write_facts(result.facts, folder)
        write_result(result, folder)
    paths = [str(tmp_path / "runs"), str(tmp_path / "report")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *paths], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "good <1>" in done.stdout
    assert (tmp_path / "report" / "report.html").exists()
