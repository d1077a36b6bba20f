"""`ngn explain`: which differences between two specs make the difference."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from ngn_core.cli.arguments import (
    add_declaration,
    add_device,
    add_files,
    add_on_bad_structure,
    add_on_disorder,
    add_set,
    add_split,
    declaration_of,
)
from ngn_core.cli.exit import FAILED, OK

if TYPE_CHECKING:
    from ngn_core.compare.request import Request


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "explain",
        help="why one spec beats another: train what lies between them",
        description="Walk from one architecture to another through their differences, "
        "grouped into factors; train the hybrids on the same folds and seeds, and "
        "attribute the change in error to the factors. A factor that changes nothing "
        "runs along and shows the noise. The cost is shown before it starts; the same "
        "command goes on where it was interrupted.",
    )
    made.add_argument("first", metavar="FIRST", help="spec where the walk begins")
    made.add_argument("last", metavar="LAST", help="spec where it ends")
    _add_walk(made.add_argument_group("walk"))
    data = made.add_argument_group("data")
    data.add_argument(
        "--dataset",
        default="emt_alloys",
        metavar="DATA",
        help="name, folder or file (default: emt_alloys)",
    )
    data.add_argument("--target", metavar="COLUMN", help="what to predict")
    add_split(data)
    data.add_argument(
        "--limit", type=int, metavar="N", help="a seeded sample of so many crystals"
    )
    data.add_argument(
        "--state", metavar="COLUMN", help="column that the global state starts from"
    )
    add_declaration(data, targets=True)
    add_on_bad_structure(data)
    add_on_disorder(data)
    training = made.add_argument_group("training")
    training.add_argument(
        "--seeds", type=int, default=1, metavar="N", help="trials a fold (default: 1)"
    )
    training.add_argument(
        "--epochs", type=int, metavar="N", help="epochs of every hybrid"
    )
    add_set(training)
    add_device(training)
    files = made.add_argument_group("files")
    add_files(files)
    made.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.compare.explaining.explain import FOLDER, explain
    from ngn_core.compare.explaining.walk import Inquiry, lay_out
    from ngn_core.compare.explaining.walk_cost import cost_of
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.explain import (
        print_explanation,
        print_walk,
        write_explanation,
    )
    from ngn_core.report.progress import Progress

    registry = collect(plugin_manager(asked.plugin))
    request = _request(asked)
    groups = tuple(part for part in (asked.factors or "").split(",") if part)
    match = tuple(dict.fromkeys(asked.match))
    inquiry = Inquiry(groups, asked.orders, match, asked.null_at)
    with Progress() as progress:
        ends = (asked.first, asked.last)
        walk, checked = lay_out(ends, inquiry, request, registry, progress)
        cost = cost_of(walk, checked, request, registry, progress)
    print_walk(walk, cost)
    if asked.plan:
        return OK
    with Progress() as progress:
        found = explain(walk, request, registry, progress)
    print_explanation(found)
    written = write_explanation(found, asked.out / FOLDER)
    print("report: " + ", ".join(map(str, written)), file=sys.stderr)
    return FAILED if found.table.failures else OK


def _add_walk(walk: argparse._ActionsContainer) -> None:
    walk.add_argument(
        "--factors",
        metavar="NAME,NAME+NAME,...",
        help="what changes apart and what together, of connectivity, cell, embedding, "
        "message, depth, readout, training; the rest is one more factor (default: "
        "each apart)",
    )
    walk.add_argument(
        "--orders",
        type=_from_one,
        metavar="N",
        help="walk so many orders of the factors, and train only the hybrids on them "
        "(default: all for up to four factors, else 8)",
    )
    walk.add_argument(
        "--match",
        action="append",
        choices=("parameters", "scale"),
        default=[],
        help="parameters: widths of every hybrid give it the parameters of FIRST; "
        "scale: sums over neighbors are divided by their mean number",
    )
    walk.add_argument(
        "--null-at",
        choices=("first", "last", "both"),
        default="both",
        help="ends that are also trained under another symmetry, which changes nothing "
        "but rounding and is slow on full crystals: the noise floor (default: both)",
    )
    walk.add_argument(
        "--plan", action="store_true", help="show factors and cost, and stop"
    )


def _from_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a number from 1 on")
    return int(text)


def _request(asked: argparse.Namespace) -> Request:
    """Return what the hybrids are compared on."""
    from ngn_core.compare.device import choose_device
    from ngn_core.compare.request import Request
    from ngn_core.data.cache import default_cache
    from ngn_core.data.split_choice import SplitChoice

    return Request(
        specs=(),
        assignments=tuple(asked.assignments),
        dataset=asked.dataset,
        targets=() if asked.target is None else (asked.target,),
        said=declaration_of(asked),
        split=SplitChoice(asked.split, asked.folds, asked.by, asked.holdout),
        limit=asked.limit,
        state=asked.state,
        seeds=asked.seeds,
        epochs=asked.epochs,
        on_bad_structure=asked.on_bad_structure,
        on_disorder=asked.on_disorder,
        device=choose_device(asked.device),
        out=asked.out,
        cache=asked.cache or default_cache(),
        fresh=asked.fresh,
        jobs=asked.jobs,
    )
