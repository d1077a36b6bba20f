"""`ngn new-plugin`: a package of one's own, to begin from."""

from __future__ import annotations

import argparse
import keyword
import re
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

from ngn_core.cli.exit import OK
from ngn_core.errors import NGNError

KINDS = {
    "message": "message function",
    "graph": "graph constructor",
    "readout": "readout",
    "embedding": "embedding",
    "dataset": "dataset",
}
"""Kinds that a package can begin with, and what messages call them."""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "new-plugin",
        help="write a small installable package with a component of your own",
        description="Write a package with one component, its spec, the entry point "
        "that lets ngn find it, and a test that tries every law on it. It passes its "
        "own tests as written; then change it.",
    )
    made.add_argument("name", metavar="NAME", help="of the component, for `use: NAME`")
    made.add_argument(
        "--kind",
        choices=KINDS,
        default="message",
        help="what it is (default: message, a message function)",
    )
    made.add_argument(
        "--out",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="where the package's folder goes (default: here)",
    )
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: see `write_package`.
    """
    folder = write_package(args.name, args.kind, args.out)
    print(f'wrote {folder}\ncd {folder} && pip install -e ".[dev]" && pytest')
    return OK


def write_package(name: str, kind: str, out: Path) -> Path:
    """Write a package and return its folder.

    Args:
        name: of the component: lower-case letters, digits and underscores.
        kind: one of `KINDS`.
        out: the folder that it goes into.

    Raises:
        NGNError: for a name that Python cannot have or a package that is installed
            has, a folder that is there, or one that cannot be written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise NGNError(
            f"new-plugin {name!r}: expected a name of lower-case letters, digits and "
            "underscores, my_network say"
        )
    values = _values(name, kind)
    if find_spec(values["module"]) is not None:
        raise NGNError(
            f"new-plugin {name!r}: its package would be {values['module']}, which is "
            "installed already; expected another name"
        )
    folder = out / values["distribution"]
    if folder.exists():
        raise NGNError(f"{folder}: there already; expected a new folder")
    files = {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        f"tests/test_{name}.py": "test_spec.py",
        f"{values['module']}/__init__.py": f"{kind}.py",
    }
    if kind == "dataset":
        files[f"tests/test_{name}.py"] = "test_dataset.py"
    else:
        files[f"specs/{name}.yaml"] = f"{kind}.yaml"
    scaffold = resources.files("ngn_core.cli") / "scaffold"
    try:
        for target, source in files.items():
            file = folder / target
            file.parent.mkdir(parents=True, exist_ok=True)
            text = (scaffold / f"{source}.txt").read_text(encoding="utf-8")
            file.write_text(Template(text).substitute(values), encoding="utf-8")
    except OSError as error:
        raise NGNError(f"cannot write {folder}: {error}") from error
    return folder


def _values(name: str, kind: str) -> dict[str, str]:
    """Return what stands for the names in the scaffold."""
    is_dataset = kind == "dataset"
    return {
        "name": name,
        "kind": KINDS[kind],
        "class_name": "".join(part.capitalize() for part in name.split("_")),
        "module": f"ngn_{name}",
        "distribution": f"ngn-{name.replace('_', '-')}",
        "seen": "" if is_dataset else f", its spec in `specs/{name}.yaml`",
        "try_it": f"ngn-compare cgcnn --dataset {name} --folds 2 --epochs 5"
        if is_dataset
        else f"ngn-compare specs/{name}.yaml cgcnn --limit 100 --epochs 5",
    }
