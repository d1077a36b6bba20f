"""Reading the `train:` section, once for each kind of task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ngn_core.plugin.options import Use
from ngn_core.spec.document import Document
from ngn_core.spec.extend import merge
from ngn_core.spec.plain_yaml import Path_, show
from ngn_core.spec.resolve import Resolver
from ngn_core.spec.spec import Task, TrainOptions

_PATH: Path_ = ("train",)
_LOSSES: dict[Task, str] = {"regression": "mae", "binary": "bce"}
"""Loss of each task where the spec names none; `train.loss` is for regression."""


def read_train(resolver: Resolver, values: Any) -> dict[Task, TrainOptions]:
    """Return the training of each task that has no problems; the others' are reported.

    What `by_task:` says of a task is laid over the rest as `extends:` does it.
    """
    if not isinstance(values, Mapping):
        resolver.report(_PATH, show(values), "a mapping of keys")
        return {}
    path: Path_ = (*_PATH, "by_task")
    by_task = values.get("by_task")
    section = resolver.section({} if by_task is None else by_task, path, (), _LOSSES)
    train = {}
    for task in _LOSSES:
        own = (section or {}).get(task)
        if own is None or isinstance(own, Mapping):
            options = _read_task(resolver, task, own)
            if options is not None:
                train[task] = options
        else:
            resolver.report((*path, task), show(own), "a mapping of keys")
    return train


def _read_task(resolver: Resolver, task: Task, own: Any) -> TrainOptions | None:
    """Return the training of a task, or None where it has problems."""
    document = _laid_over(resolver.document, task, own)
    mine = Resolver(resolver.registry, document)
    values = document.data["train"]
    options = mine.model(TrainOptions, values, _PATH, ("by_task",))
    _check_loss(mine, task, mine.component("loss", values["loss"], (*_PATH, "loss")))
    if values.get("patience") is not None and not values.get("validation"):
        expected = "`validation` above 0 beside it, the share that patience watches"
        mine.report((*_PATH, "patience"), show(values["patience"]), expected)
    if options is not None and not options.validation:
        schedule = options.schedule
        reporting: Any = None if schedule is None else schedule.component
        if reporting is not None and reporting.watches:
            expected = "`validation` above 0 beside it, the share whose loss it watches"
            mine.report((*_PATH, "schedule"), reporting.name, expected)
    for problem in mine.problems:
        if problem not in resolver.problems:
            resolver.problems.append(problem)
    return None if mine.problems else options


def _laid_over(document: Document, task: Task, own: Any) -> Document:
    """Return a document whose `train:` is that of one task alone."""
    common = {k: v for k, v in document.data["train"].items() if k != "by_task"}
    if task != "regression":
        common.pop("loss", None)
    below = Document({"train": {"loss": _LOSSES[task], **common}}, document.places)
    if not own:
        return below
    merged = merge(below, document.moved((*_PATH, "by_task", task), _PATH))
    return Document(
        merged.data,
        {
            **merged.places,
            (): document.place(()),
            _PATH: document.place(_PATH),
        },
    )


def _check_loss(resolver: Resolver, task: Task, loss: Use | None) -> None:
    component: Any = None if loss is None else loss.component
    if component is not None and component.task != task:
        losses: list[Any] = resolver.registry.components("loss")
        fitting = ", ".join(one.name for one in losses if one.task == task)
        found = f"{component.name}, a {component.task} loss"
        expected = f"a {task} loss: one of {fitting}"
        resolver.report((*_PATH, "loss"), found, expected)
