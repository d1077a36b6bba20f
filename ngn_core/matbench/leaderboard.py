"""The leaderboard: fold scores that others published for MatBench's tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from ngn_core.dataset.matbench import TASKS
from ngn_core.experiment.result import Result
from ngn_core.matbench.external_task import ExternalTask
from ngn_core.spec.plain_yaml import read_yaml

FILE = "leaderboard.yaml"
PUBLISHED = " (published)"
"""What follows the names of published rows."""


@dataclass(frozen=True)
class PublishedScores:
    """What a submission published on a task.

    Attributes:
        name: of the submission.
        by: authors and year, empty where nobody says.
        doi: of the paper, empty where nobody says.
        scores: of folds 0 to 4, by metric.
    """

    name: str
    by: str
    doi: str
    scores: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Leaderboard:
    """Published scores.

    Attributes:
        source: where they are from.
        tasks: submissions by task.
    """

    source: str
    tasks: Mapping[str, tuple[PublishedScores, ...]]


@cache
def read_leaderboard() -> Leaderboard:
    """Return the scores that come with the program."""
    text = resources.files("ngn_core.matbench").joinpath(FILE).read_text("utf-8")
    plain, _ = read_yaml(text)
    tasks = {
        task: tuple(
            PublishedScores(
                name,
                plain["submissions"][name].get("by", ""),
                plain["submissions"][name].get("doi", ""),
                {metric: tuple(values) for metric, values in scores.items()},
            )
            for name, scores in submissions.items()
        )
        for task, submissions in plain["scores"].items()
    }
    return Leaderboard(plain["source"], MappingProxyType(tasks))


def published_results(
    task: str, sizes: Mapping[int, int], table: ExternalTask
) -> list[Result]:
    """Return the published scores on some folds of a whole task.

    Args:
        task: of MatBench.
        sizes: crystals of the test part, by fold that is shown.
        table: that the results go into.
    """
    return [
        table.result(
            f"{one.name}{PUBLISHED}",
            "leaderboard",
            fold,
            TASKS[task].rows - size,
            table.scores({name: values[fold] for name, values in one.scores.items()}),
        )
        for one in read_leaderboard().tasks.get(task, ())
        for fold, size in sizes.items()
    ]
