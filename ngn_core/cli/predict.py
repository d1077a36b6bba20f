"""`ngn predict`: predictions for new structures from trained trials."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_device, add_plugin
from ngn_core.cli.arguments_data import add_on_bad_structure, add_on_disorder
from ngn_core.cli.exit import FAILED, OK
from ngn_core.cli.screening import add_screening, refuse_screening, screen
from ngn_core.errors import NGNError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "predict",
        help="predict new structures from trained trials or published weights",
        description="Predict new structures from trained trials, from a model that ngn "
        "export wrote, or from published weights; the spread over the trials of a spec "
        "is the uncertainty. With --input, screen very many.",
    )
    made.add_argument(
        "paths",
        nargs="*",
        metavar="RUN|FILE",
        help="trials (their folders, or a folder of them such as runs), then "
        "structures (CIF, POSCAR ..., a folder of them, data.jsonl or CSV); with "
        "--weights or --model structures alone, with --input trials alone",
    )
    made.add_argument(
        "--weights",
        type=Path,
        metavar="DIR",
        help="published weights in place of trials: a folder with config.json and "
        "weights.npz",
    )
    made.add_argument(
        "--model",
        type=Path,
        metavar="DIR",
        help="a model that ngn export wrote, in place of trials",
    )
    made.add_argument(
        "--spec",
        metavar="SPEC",
        help="spec for --weights (default: the published one, whose graph is the "
        "reference's to the letter); with --input whose model, where there are several",
    )
    add_screening(made)
    made.add_argument(
        "--out",
        type=Path,
        metavar="FILE.csv",
        help="write the predictions there too; with --input .csv or .parquet",
    )
    made.add_argument(
        "--state",
        metavar="VALUE",
        help="number or label of the global state, for trials that read one "
        "(default: the column they read, of a file with columns)",
    )
    add_on_bad_structure(made)
    add_on_disorder(made)
    add_device(made)
    add_plugin(made)
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: where flags do not go together.
    """
    if args.input is not None:
        return screen(args)
    refuse_screening(args)
    if not args.paths:
        raise NGNError("expected trials and structures, or --input and what to screen")
    if args.spec is not None and args.weights is None:
        raise NGNError("--spec goes with --weights; trials have specs of their own")
    if args.model is not None and args.weights is not None:
        raise NGNError("--model and --weights: expected one of them")
    from ngn_core.comparison.device import choose_device
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.prediction.predict import predict
    from ngn_core.prediction.predict_checkpoint import predict_published
    from ngn_core.report.predictions import print_predictions, write_predictions

    registry = collect(plugin_manager(args.plugin))
    paths, device = [Path(path) for path in args.paths], choose_device(args.device)
    how = (registry, device, args.on_bad_structure, args.state, args.on_disorder)
    if args.weights is None:
        predictions = predict(paths, *how, args.model)
    else:
        predictions = predict_published(args.weights, paths, *how, args.spec)
    print_predictions(predictions)
    if args.out is not None:
        write_predictions(predictions, args.out)
        print(f"predictions: {args.out}", file=sys.stderr)
    return OK if predictions.rows else FAILED
