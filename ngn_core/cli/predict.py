"""`ngn predict`: predictions for new structures from trained trials."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_device, add_on_bad_structure, add_plugin
from ngn_core.cli.exit import FAILED, OK


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "predict",
        help="predict new structures from trained trials",
        description="Predict new structures from trained trials; the spread over the "
        "trials of a spec is the uncertainty.",
    )
    made.add_argument(
        "paths",
        nargs="+",
        metavar="RUN|FILE",
        help="trials (their folders, or a folder of them such as runs), then "
        "structures (CIF, POSCAR ..., a folder of them, data.jsonl or CSV)",
    )
    made.add_argument(
        "--out", type=Path, metavar="FILE.csv", help="write the predictions there too"
    )
    made.add_argument(
        "--state",
        metavar="VALUE",
        help="number or label of the global state, for trials that read one",
    )
    add_on_bad_structure(made)
    add_device(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.compare.device import choose_device
    from ngn_core.compare.predict import predict
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.predictions import print_predictions, write_predictions

    registry = collect(plugin_manager(asked.plugin))
    predictions = predict(
        [Path(path) for path in asked.paths],
        registry,
        choose_device(asked.device),
        asked.on_bad_structure,
        asked.state,
    )
    print_predictions(predictions)
    if asked.out is not None:
        write_predictions(predictions, asked.out)
        print(f"predictions: {asked.out}", file=sys.stderr)
    return OK if predictions.rows else FAILED
