"""`ngn export`: a trained model as a folder that travels."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ngn_core.cli.arguments import add_plugin
from ngn_core.cli.exit import OK


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "export",
        help="write a trained model into a folder that travels",
        description="Write the trials of one spec on one target (all their folds and "
        "seeds) into a folder in the layout of the Hugging Face Hub: weights as "
        "safetensors, spec, target, scores, versions and a model card. ngn predict "
        "--model reads it.",
    )
    made.add_argument(
        "runs",
        nargs="+",
        type=Path,
        metavar="RUN",
        help="trials: their folders, or a folder of them such as runs",
    )
    made.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a new folder"
    )
    add_which(made)
    made.add_argument(
        "--data-license",
        metavar="ID",
        help="license of the data, for the card: cc-by-4.0 say",
    )
    made.add_argument(
        "--push-to-hub",
        metavar="OWNER/NAME",
        help="upload it, too, as a private model (needs ngn[hub] and hf auth login)",
    )
    add_plugin(made)
    made.set_defaults(run=run)


def add_which(parser: argparse._ActionsContainer) -> None:
    """Add `--spec NAME` and `--target NAME`, which tell models apart."""
    parser.add_argument(
        "--spec", metavar="SPEC", help="whose model, where there are several"
    )
    parser.add_argument(
        "--target", metavar="TARGET", help="of which target, where there are several"
    )


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.prediction.calibrated import read_calibrated
    from ngn_core.prediction.export import export
    from ngn_core.prediction.hub import push_to_hub

    registry = collect(plugin_manager(args.plugin))
    model = read_calibrated(args.runs, registry, args.spec, args.target)
    export(model, args.out, args.data_license)
    print(f"model: {args.out} ({len(model.trials)} trials)", file=sys.stderr)
    if args.push_to_hub is not None:
        address = push_to_hub(args.out, args.push_to_hub)
        print(f"pushed: {address}", file=sys.stderr)
    return OK
