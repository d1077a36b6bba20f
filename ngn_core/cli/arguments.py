"""Arguments that several commands take."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngn_core.data.declaration import Said


def add_specs(parser: argparse._ActionsContainer) -> None:
    """Add `SPEC...`."""
    parser.add_argument(
        "specs",
        nargs="+",
        metavar="SPEC",
        help="spec file, or name of a shipped spec (ngn specs lists them)",
    )


def add_device(parser: argparse._ActionsContainer) -> None:
    """Add `--device DEVICE`."""
    parser.add_argument(
        "--device",
        default="auto",
        metavar="DEVICE",
        help="auto, cpu, cuda or cuda:1 (default: auto)",
    )


def add_plugin(parser: argparse._ActionsContainer) -> None:
    """Add `--plugin FILE`."""
    parser.add_argument(
        "--plugin",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="a Python file with components; may be given again",
    )


def add_set(parser: argparse._ActionsContainer) -> None:
    """Add `--set KEY=VALUE`."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="assignments",
        metavar="KEY=VALUE",
        help="override a key of each spec, train.batch_size=32 say; may be given again",
    )


def add_cache(parser: argparse._ActionsContainer) -> None:
    """Add `--cache DIR` and `--jobs N`."""
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="graphs, kept between calls (default: the user's cache folder)",
    )
    add_jobs(parser)


def add_jobs(parser: argparse._ActionsContainer) -> None:
    """Add `--jobs N`."""
    parser.add_argument(
        "--jobs",
        type=_jobs,
        default=_cores(),
        metavar="N",
        help="processes that build graphs (default: one a core)",
    )


def _cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a number from 1 on")
    return int(text)


def add_split(parser: argparse._ActionsContainer) -> None:
    """Add `--split SPLIT`, `--folds K`, `--by GROUPING` and `--holdout SHARE`."""
    parser.add_argument(
        "--split",
        metavar="NAME[:K]|FILE.json",
        help="how folds are made, kfold:5 say, or the ids of each fold; ngn plugins "
        "lists the kinds (default: the official folds where there are any, else "
        "group:5)",
    )
    parser.add_argument(
        "--folds",
        type=int,
        metavar="K",
        help="number of folds where the data has no official ones (default: 5)",
    )
    parser.add_argument(
        "--by",
        metavar="GROUPING",
        help="what crystals of a group share: formula, chemsys, prototype, structure, "
        "or a column; no fold parts a group (default: formula)",
    )
    parser.add_argument(
        "--holdout",
        type=float,
        metavar="SHARE",
        help="set whole groups aside first, 0.1 of the crystals say; no trial sees "
        "them, only ngn holdout reads them",
    )


def add_on_bad_structure(parser: argparse._ActionsContainer) -> None:
    """Add `--on-bad-structure POLICY`."""
    parser.add_argument(
        "--on-bad-structure",
        choices=("error", "skip"),
        default="error",
        help="what becomes of structures that cannot be used (default: error)",
    )


def add_on_disorder(parser: argparse._ActionsContainer) -> None:
    """Add `--on-disorder POLICY`."""
    parser.add_argument(
        "--on-disorder",
        choices=("error", "skip", "average"),
        default="error",
        help="what becomes of structures with partly occupied or shared sites; "
        "average: such a site gets the weighted mean of its elements' embeddings, in "
        "which a vacancy has none (default: error)",
    )


def add_declaration(parser: argparse._ActionsContainer, *, targets: bool) -> None:
    """Add `--declaration FILE` and `--where`; with targets what is said of them too."""
    if targets:
        for name, metavar, text in _OF_TARGETS:
            parser.add_argument(f"--{name}", metavar=metavar, help=text)
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="only rows with this value, one of a list [A, B], {not: VALUE} or "
        "{min: NUMBER, max: NUMBER}; may be given again",
    )
    parser.add_argument(
        "--all-rows",
        action="store_true",
        help="also rows that a part of a MatBench task leaves out, for it is not sure "
        "that they are those of the task",
    )
    if targets:
        parser.add_argument(
            "--group",
            metavar="COLUMN",
            help="rows of one value are never parted by a fold",
        )
    parser.add_argument(
        "--declaration",
        type=Path,
        metavar="FILE",
        help="what is said of the data, in place of the dataset.yaml beside them",
    )


_OF_TARGETS = (
    ("unit", "UNIT", "unit of the target, as tables print it"),
    (
        "per",
        "WHAT",
        "what the target is counted by: atom, cell, formula_unit, or none, if it does "
        "not grow with the crystal",
    ),
    ("task", "TASK", "regression or binary (default: as the values say)"),
    ("positive", "VALUE", "value of the column that counts as 1, all others as 0"),
    (
        "transform",
        "NAME",
        "what is trained on in place of the target: none, log10, log1p or asinh",
    ),
    (
        "reference",
        "NAME",
        "composition: train on what is not linear in the composition; or none",
    ),
)


def declaration_of(asked: argparse.Namespace) -> Said:
    """Return what the flags of `add_declaration` say."""
    from ngn_core.data.declaration import Said

    said = {name: getattr(asked, name, None) for name, _, _ in _OF_TARGETS}
    return Said(
        declaration=asked.declaration,
        where=tuple(asked.where),
        group=getattr(asked, "group", None),
        all_rows=asked.all_rows,
        **said,
    )


def add_files(files: argparse._ActionsContainer) -> None:
    """Add where results, graphs and plugins are: `--out`, `--fresh` and the rest."""
    files.add_argument(
        "--out",
        type=Path,
        default=Path("runs"),
        metavar="DIR",
        help="results; a second call computes only what is missing (default: runs)",
    )
    files.add_argument(
        "--fresh", action="store_true", help="compute stored results again"
    )
    add_cache(files)
    add_plugin(files)
