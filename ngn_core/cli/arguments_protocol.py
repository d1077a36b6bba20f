"""Arguments that say how the training of each spec is chosen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngn_core.comparison.protocol import Protocol


def add_protocol(parser: argparse._ActionsContainer) -> None:
    """Add `--protocol`, `--epochs`, `--budget` and what belongs to them."""
    parser.add_argument(
        "--protocol",
        choices=("own", "equal", "tuned"),
        default="own",
        help="own: each spec as its file says (default); equal: one loss, batch, "
        "schedule and validation part for all, and a learning rate for each from one "
        "grid, picked on each fold's own inner rows; tuned: a study of each spec "
        "inside of each fold, needs ngn[tune]",
    )
    parser.add_argument(
        "--epochs", type=int, metavar="N", help="short for --budget epochs=N"
    )
    parser.add_argument(
        "--budget",
        metavar="BUDGET",
        help="of every trial: epochs=N, steps=N or seconds=S of training; of the whole "
        "call: 90s, 3m, 1h, in epochs and crystals that fit, equal for all specs",
    )
    parser.add_argument(
        "--learning-rates",
        type=_rates,
        metavar="LR,LR",
        help="what --protocol equal picks from (default: 1e-4,3e-4,1e-3,3e-3)",
    )
    parser.add_argument(
        "--trials",
        type=int,
        metavar="N",
        help="of each study of --protocol tuned (default: 20)",
    )
    parser.add_argument(
        "--space",
        type=Path,
        metavar="FILE",
        help="what --protocol tuned searches, as for ngn tune (default: learning rate, "
        "batch size and depth around each spec's own)",
    )


def protocol_of(args: argparse.Namespace) -> Protocol:
    """Return the protocol that is asked for, with its options.

    Raises:
        NGNError: for a flag of another protocol, which would be read by nobody.
    """
    from dataclasses import fields

    from ngn_core.comparison.protocols import PROTOCOLS
    from ngn_core.errors import NGNError

    options = {
        protocol: [one.name for one in fields(PROTOCOLS[protocol])]
        for protocol in PROTOCOLS
    }
    given = {}
    for protocol, names in options.items():
        for name in names:
            value = getattr(args, name)
            if value is None:
                continue
            if name not in options[args.protocol]:
                raise NGNError(
                    f"--{name.replace('_', '-')}: nothing reads it under --protocol "
                    f"{args.protocol}; expected --protocol {protocol} beside it"
                )
            given[name] = value
    return PROTOCOLS[args.protocol](**given)


def _rates(text: str) -> tuple[float, ...]:
    try:
        rates = tuple(float(part) for part in text.split(","))
    except ValueError:
        rates = ()
    if not rates or not all(0 < rate < float("inf") for rate in rates):
        raise argparse.ArgumentTypeError(
            f"{text!r}: expected learning rates above 0, 1e-4,1e-3 say"
        )
    if len(set(rates)) < len(rates):
        raise argparse.ArgumentTypeError(f"{text!r}: a learning rate comes twice")
    return rates
