"""Arguments that say which crystals there are, and what is done with them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ngn_core.dataset.declaration import DeclarationFlags


def add_data(parser: argparse._ActionsContainer, *, several: bool) -> None:
    """Add what a command that trains asks of its data.

    Args:
        parser: or a group of it.
        several: whether there may be more targets than one.
    """
    parser.add_argument(
        "--dataset",
        default="emt_alloys",
        metavar="DATA",
        help="name, folder or file (default: emt_alloys); ngn plugins lists the kinds",
    )
    again = "; may be given again" if several else ""
    parser.add_argument(
        "--target",
        action="append" if several else "store",
        metavar="COLUMN",
        help=f"what to predict{again} (default: the first declared one)",
    )
    add_split(parser)
    parser.add_argument(
        "--limit", type=int, metavar="N", help="a seeded sample of so many crystals"
    )
    parser.add_argument(
        "--state",
        metavar="COLUMN",
        help="column of numbers or labels that the global state starts from",
    )
    add_declaration(parser, targets=True)
    add_on_bad_structure(parser)
    add_on_disorder(parser)


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


def declaration_of(args: argparse.Namespace) -> DeclarationFlags:
    """Return what the flags of `add_declaration` say."""
    from ngn_core.dataset.declaration import DeclarationFlags

    flags = {name: getattr(args, name, None) for name, _, _ in _OF_TARGETS}
    return DeclarationFlags(
        declaration=args.declaration,
        where=tuple(args.where),
        group=getattr(args, "group", None),
        all_rows=args.all_rows,
        **flags,
    )
