"""`ngn specs`: the specs that come with ngn."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ngn_core.cli.exit import OK
from ngn_core.errors import NGNError


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "specs",
        help="list the specs that come with ngn, or copy them",
        description="List the specs that come with ngn. Their names stand for their "
        "files in every command: ngn-compare cogn cgcnn.",
    )
    made.add_argument(
        "--copy",
        type=Path,
        metavar="DIR",
        help="copy the files to this folder; nothing is overwritten",
    )
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    from ngn_core.report.shipped import print_shipped
    from ngn_core.spec.extend import read_extended
    from ngn_core.spec.library import look_up, shipped_specs

    files = shipped_specs()
    if args.copy is None:
        data = {name: read_extended(file, look_up).data for name, file in files.items()}
        print_shipped(data)
    else:
        _copy(files, args.copy)
        print(f"{len(files)} specs copied to {args.copy}")
    return OK


def _copy(files: Mapping[str, Path], folder: Path) -> None:
    """Copy the files under their names; all of them, or none where one is there."""
    if folder.exists() and not folder.is_dir():
        raise NGNError(f"--copy {folder}: a file; expected a folder, new or not")
    targets = {folder / f"{name}.yaml": file for name, file in files.items()}
    there = [str(target) for target in targets if target.exists()]
    if there:
        raise NGNError(
            f"--copy {folder}: nothing was copied, for it would overwrite "
            f"{', '.join(there)}"
        )
    for target, file in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
