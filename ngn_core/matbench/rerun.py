"""The script in a submission that trains everything again and records it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pprint import pformat
from typing import Any

from ngn_core.matbench.submitted_spec import SubmittedTask

_SCRIPT = '''"""Train @SPEC@ on MatBench again, and record it: python run.py

Needs ngn and matbench. Finished trials are kept in the folder runs beside this file; a
second call computes only what is missing. Writes results_again.json.gz.
"""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import fmean

from matbench.bench import MatbenchBenchmark
from ngn_core.matbench.matbench_file import parameters
from ngn_core.matbench.membership import task_ids
from ngn_core.experiment.stored import read_results

HERE = Path(__file__).parent
SPECS = @SPECS@
"""The spec of each fold, by task."""
SEEDS = @SEEDS@
"""The seeds whose mean is submitted, by task."""


def train(task, spec):
    """Train a spec on all folds of a task, and return the results."""
    runs = HERE / "runs" / task / Path(spec).stem
    command = "import sys; from ngn_core.cli.compare import main; sys.exit(main())"
    seeds = str(max(SEEDS[task]) + 1)
    arguments = [str(HERE / "specs" / spec), "--dataset", task, "--seeds", seeds]
    arguments += ["--costs", "none", "--out", str(runs), *sys.argv[1:]]
    subprocess.run([sys.executable, "-c", command, *arguments], check=True)
    return read_results([runs])


def predictions_of(results, task, fold):
    """Return the mean over the seeds, by MatBench's id."""
    found = {}
    for result in results:
        if result.fold == fold and result.seed in SEEDS[task]:
            for name, row in zip(task_ids(result), result.predictions):
                found.setdefault(name, []).append(row[2])
    return {name: fmean(values) for name, values in found.items()}


def main():
    """Train, record, and write the file."""
    benchmark = MatbenchBenchmark(autoload=False, subset=list(SPECS))
    for task in benchmark.tasks:
        name = task.dataset_name
        results = {spec: train(name, spec) for spec in dict.fromkeys(SPECS[name])}
        task.load()
        for fold, spec in enumerate(SPECS[name]):
            said = predictions_of(results[spec], name, fold)
            ids = task.get_test_data(fold, as_type="df").index
            text = (HERE / "specs" / spec).read_text(encoding="utf-8")
            params = {**parameters(text), "seeds": list(SEEDS[name])}
            task.record(fold, [said[one] for one in ids], params=params)
    benchmark.add_metadata(@METADATA@)
    plain = HERE / "results_again.json"
    benchmark.to_file(plain)
    with plain.open("rb") as text, gzip.open(f"{plain}.gz", "wb") as packed:
        shutil.copyfileobj(text, packed)
    plain.unlink()
    for name, scores in benchmark.scores.items():
        print(name, {metric: dict(found) for metric, found in scores.items()})


if __name__ == "__main__":
    main()
'''


def rerun_script(
    spec: str,
    tasks: Sequence[SubmittedTask],
    files: Mapping[str, str],
    metadata: Mapping[str, Any],
) -> str:
    """Return the script.

    Args:
        spec: its name.
        tasks: that are submitted.
        files: names of the spec files in the folder, by their text.
        metadata: that is recorded.
    """
    specs = {task.name: [files[own.written] for own in task.folds] for task in tasks}
    seeds = {task.name: list(task.seeds) for task in tasks}
    script = _SCRIPT
    for place, value in (
        ("@SPEC@", spec),
        ("@SPECS@", pformat(specs, width=88)),
        ("@SEEDS@", pformat(seeds, width=88)),
        ("@METADATA@", repr(dict(metadata))),
    ):
        script = script.replace(place, value)
    return script
