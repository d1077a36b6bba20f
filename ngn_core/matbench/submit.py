"""The folder that a pull request to MatBench wants."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ngn_core import __version__
from ngn_core.errors import TrialError
from ngn_core.matbench.matbench_file import VERSION, results_file
from ngn_core.matbench.rerun import rerun_script
from ngn_core.matbench.submission import BENCHMARK
from ngn_core.matbench.submitted_spec import SubmittedTask

RESULTS, INFO, RUN, SPECS = "results.json.gz", "info.json", "run.py", "specs"


@dataclass(frozen=True)
class Info:
    """What only the submitters know.

    Attributes:
        authors: names, separated by commas.
        algorithm: short name.
        algorithm_long: a paragraph.
        bibtex_refs: BibTeX entries.
        notes: anything else.
    """

    authors: str
    algorithm: str
    algorithm_long: str
    bibtex_refs: tuple[str, ...]
    notes: str


def write_submission(
    parent: Path,
    name: str,
    spec: str,
    tasks: Sequence[SubmittedTask],
    info: Info,
    datestamp: str,
) -> Path:
    """Write the folder and return it.

    Args:
        parent: the folder goes into.
        name: of the submission: the folder is `matbench_v0.1_NAME`.
        spec: what is submitted.
        tasks: its results.
        info: about it.
        datestamp: `2024.01.31 12:00.00`.

    Raises:
        TrialError: where the folder is there, or cannot be written.
    """
    check_name(name)
    folder = parent / f"{BENCHMARK}_{name}"
    texts = _spec_texts(spec, tasks)
    metadata = {"algorithm": info.algorithm, "ngn": __version__}
    files = {
        RESULTS: results_file(tasks, metadata, datestamp),
        INFO: _json(_info(info, tasks)).encode(),
        RUN: rerun_script(spec, tasks, texts, metadata).encode(),
        **{f"{SPECS}/{file}": text.encode() for text, file in texts.items()},
    }
    try:
        folder.mkdir(parents=True)
        (folder / SPECS).mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content)
    except FileExistsError as error:
        raise TrialError(
            f"{folder}: is there already; remove it, or take another --name"
        ) from error
    except OSError as error:
        raise TrialError(f"cannot write the submission to {folder}: {error}") from error
    return folder


def check_name(name: str) -> None:
    """Check the name of a submission.

    Raises:
        TrialError: where it cannot be part of a folder's name.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise TrialError(
            f"--name {name!r}: expected letters, digits, dots, dashes and underscores"
        )


def seeds_sentence(tasks: Iterable[SubmittedTask]) -> str:
    """Return which seeds are submitted, empty where there was one alone."""
    told = []
    for task in tasks:
        if len(task.seeds) > 1:
            told.append(
                f"{task.name}: predictions are the mean over the seeds "
                f"{', '.join(map(str, task.seeds))}, an ensemble"
            )
        elif len(task.known) > 1:
            told.append(
                f"{task.name}: seed {task.seeds[0]} of "
                f"{', '.join(map(str, task.known))}, a single model"
            )
    return "; ".join(told) + "." if told else ""


def requirements(tasks: Iterable[SubmittedTask]) -> list[str]:
    """Return the packages that the trials ran with, as pip takes them."""
    found: dict[str, set[str]] = {"matbench": {VERSION}}
    for task in tasks:
        for result in task.folds:
            for package, version in result.environment.get("packages", {}).items():
                if version is not None:
                    public, _, _ = version.partition("+")  # 2.13.0+cpu is not on PyPI
                    found.setdefault(package, set()).add(public)
    return [
        f"{name}=={version}"
        for name in sorted(found)
        for version in sorted(found[name])
    ]


def _info(info: Info, tasks: Sequence[SubmittedTask]) -> dict[str, Any]:
    notes = " ".join(part for part in (info.notes, seeds_sentence(tasks)) if part)
    return {
        "authors": info.authors,
        "algorithm": info.algorithm,
        "algorithm_long": info.algorithm_long,
        "bibtex_refs": list(info.bibtex_refs),
        "notes": notes,
        "requirements": {"python": requirements(tasks)},
    }


def _json(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _spec_texts(spec: str, tasks: Sequence[SubmittedTask]) -> dict[str, str]:
    """Return the files of the different specs that were trained, by their text."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", spec)
    texts = dict.fromkeys(own.written for task in tasks for own in task.folds)
    names = [f"{stem}.yaml"]
    if len(texts) > 1:
        names = [f"{stem}_{number}.yaml" for number in range(1, len(texts) + 1)]
    return dict(zip(texts, names, strict=True))
