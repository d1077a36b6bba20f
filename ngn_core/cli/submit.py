"""`ngn submit`: the folder that a pull request to MatBench wants."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ngn_core.cli.exit import OK
from ngn_core.errors import NGNError

_ASKED = (
    ("authors", "NAMES", "who submits: names, separated by commas"),
    ("algorithm", "TEXT", "short name of the algorithm"),
    ("algorithm-long", "TEXT", "a paragraph on the algorithm"),
)
"""What nobody but the submitters knows."""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = commands.add_parser(
        "submit",
        help="write the folder that a pull request to MatBench wants",
        description="Write matbench_v0.1_NAME with results.json.gz, info.json, the "
        "specs and a run.py that trains them again and records it. Whole tasks with "
        "all official folds alone. What no flag says is asked for.",
    )
    made.add_argument(
        "runs",
        nargs="+",
        type=Path,
        metavar="RUNS",
        help="folders that ngn-compare --out wrote, or trials' folders in them",
    )
    made.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder goes there"
    )
    made.add_argument("--name", help="of the submission (default: the spec's)")
    made.add_argument("--spec", help="which one, where RUNS hold several")
    made.add_argument(
        "--task",
        action="append",
        default=[],
        metavar="NAME",
        help="a task of MatBench; may be given again (default: all in RUNS)",
    )
    which = made.add_mutually_exclusive_group()
    which.add_argument(
        "--seed", type=int, metavar="N", help="which seed (default: the first)"
    )
    which.add_argument(
        "--mean-of-seeds",
        action="store_true",
        help="mean of the predictions over all seeds, which the notes say",
    )
    for name, metavar, text in _ASKED:
        made.add_argument(f"--{name}", metavar=metavar, help=text)
    made.add_argument(
        "--bibtex",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.bib",
        help="references (default: the DOI of the spec)",
    )
    made.add_argument(
        "--notes", default="", metavar="TEXT", help="anything else (default: nothing)"
    )
    made.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        NGNError: where the results cannot be submitted, or nobody can be asked.
    """
    from ngn_core.experiment.stored import read_results
    from ngn_core.matbench.submit import Info, check_name, write_submission
    from ngn_core.matbench.submitted_spec import submitted_tasks

    spec, tasks = submitted_tasks(
        read_results(args.runs),
        args.spec,
        args.seed,
        mean=args.mean_of_seeds,
        tasks=args.task,
    )
    name = args.name or spec
    check_name(name)
    info = Info(
        **_answers(args),
        bibtex_refs=_references(args.bibtex, tasks[0].folds[0].written),
        notes=args.notes,
    )
    now = datetime.now(UTC).strftime("%Y.%m.%d %H:%M.%S")
    folder = write_submission(args.out, name, spec, tasks, info, now)
    print(folder)
    for task in tasks:
        print(f"  {task.name}: {len(task.folds)} folds, seed {_listed(task.seeds)}")
    return OK


def _answers(args: argparse.Namespace) -> dict[str, str]:
    """Return what flags say, and ask for the rest.

    Raises:
        NGNError: where there is nobody to ask, or no answer.
    """
    answers = {}
    lacking = []
    for name, _, text in _ASKED:
        key = name.replace("-", "_")
        answer = getattr(args, key)
        if answer is None and sys.stdin.isatty():
            answer = _ask(f"{name} ({text}): ")
        if answer is None or not answer.strip():
            lacking.append(f"--{name}: {text}")
            continue
        answers[key] = answer.strip()
    if lacking:
        raise NGNError(
            "a submission wants what only you know:\n  " + "\n  ".join(lacking)
        )
    return answers


def _ask(verdict_options: str) -> str | None:
    try:
        return input(verdict_options)
    except EOFError:
        return None


def _references(files: list[Path], written: str) -> tuple[str, ...]:
    """Return BibTeX of files, or of the DOI of a spec."""
    if files:
        return tuple(file.read_text(encoding="utf-8").strip() for file in files)
    from ngn_core.report.bibliography import as_bibtex
    from ngn_core.spec.plain_yaml import read_yaml

    plain, _ = read_yaml(written)
    reference = plain.get("reference") or {}
    doi = reference.get("doi")
    return (as_bibtex({plain["name"]: reference}).strip(),) if doi else ()


def _listed(seeds: tuple[int, ...]) -> str:
    return ", ".join(map(str, seeds))
