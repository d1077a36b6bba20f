r"""`ngn check` for several specs on samples of several datasets, in one table.

Written as JSON after each pair, and gone on with where it was interrupted: whether all
laws hold, the largest deviation of each law in standard deviations of the outputs, the
share of raw crystals that change when they are written another way, mean sizes of the
graphs, and which crystals were left out, by reason.

    python benchmarks/checks.py --specs cgcnn cogn congn --data ../shared/data/* \
        --limit 200 --out benchmarks/results/checks.json
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from ngn_core.checks.check import check
from ngn_core.checks.exempt import VACUUM
from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.experiment.environment import environment
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.load import load_specs


def checked(
    spec: str, data: str, limit: int, registry: Registry, tolerance: float = 1e-6
) -> dict[str, Any]:
    """Return what `ngn check` found, in short."""
    start = time.perf_counter()
    (loaded,) = load_specs([spec], registry)
    table = open_dataset(data, registry)
    crystals = select(
        table,
        None,
        limit=limit,
        on_bad_structure="skip",
        on_disorder="average",
        seed=0,
    )
    found = check(loaded, crystals, 0, tolerance, progress=lambda done, total: None)
    return {
        "spec": spec,
        "dataset": Path(data).name,
        "limit": limit,
        "crystals": found.crystals,
        "passed": found.passed,
        "spread": found.spread,
        "deviations": {
            f"{line.law}, {line.what}": line.deviation
            for line in found.lines
            if line.deviation is not None
        },
        "broken": [
            f"{line.law}, {line.what}: {line.note}"
            for line in found.lines
            if line.verdict == "broken"
        ],
        "problems": list(found.problems),
        "changed_when_written_another_way": dict(found.changed),
        "share_changed": found.share,
        "sizes": {name: dict(sizes) for name, sizes in found.sizes.items()},
        "without_symmetry": _counted(found.without_symmetry.values()),
        "unbuilt": _counted(found.unbuilt.values()),
        "unread": _counted(row.reason for row in crystals.skipped),
        "seconds": time.perf_counter() - start,
    }


def _counted(reasons: Iterable[str]) -> dict[str, int]:
    """Return how often each reason occurs, without what differs between crystals."""
    kinds = Counter(
        re.sub(r"\(.*?\)|\[.*?\]|[-+]?\d[\d.e+-]*", "*", reason.splitlines()[0])
        for reason in reasons
    )
    return dict(kinds)


def main() -> None:
    """Check what is missing in the file of results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--specs", nargs="+", required=True)
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    registry = collect(plugin_manager([]))
    found: dict[str, Any] = {"checks": []}
    if asked.out.exists():
        found = json.loads(asked.out.read_text(encoding="utf-8"))
    done = {(row["spec"], row["dataset"], row["limit"]) for row in found["checks"]}
    for spec in asked.specs:
        for data in asked.data:
            if (spec, Path(data).name, asked.limit) in done:
                continue
            row = checked(spec, data, asked.limit, registry)
            found["checks"].append(row)
            found["environment"] = environment(torch.device("cpu"))
            asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            required = row["deviations"].items()
            worst = max(value for law, value in required if VACUUM not in law)
            print(
                f"{spec} {row['dataset']}: {row['crystals']} crystals, "
                f"{'passed' if row['passed'] else 'FAILED'}, largest {worst:.1e}, "
                f"{row['share_changed']:.1%} change, {row['seconds']:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
