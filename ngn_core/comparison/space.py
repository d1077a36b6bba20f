"""What a study searches: keys of a spec, and the values that each may take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

from ngn_core.errors import Problem, SpecError
from ngn_core.network.architecture import architecture_of
from ngn_core.plugin.registry import Registry
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.spec.document import Document, read_document
from ngn_core.spec.load import resolve_spec
from ngn_core.spec.plain_yaml import show, write_yaml
from ngn_core.spec.spec import Spec, Task

_SECTIONS = ("graph", "network", "train")
_RANGE = ("min", "max", "log")
_FILE = "a YAML file of keys such as train.optimizer.lr, each with a list or a range"
_VALUES = "a list of two values or more, or a range {min: 1e-4, max: 1e-2, log: true}"


@dataclass(frozen=True)
class Dimension:
    """A key of a spec and its values: a list, or a range.

    Attributes:
        key: such as `train.optimizer.lr`.
        choices: the list; empty for a range.
        low: end of a range, included; whole where both ends are written whole.
        high: the other end.
        log: whether a range is searched in its logarithm.
        file: where this was written.
        line: in the file.
    """

    key: str
    choices: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    file: str = "(default space)"
    line: int | None = None

    @property
    def values(self) -> tuple[Any, ...]:
        """Return the list, or the ends of the range."""
        return self.choices or (self.low, self.high)

    def holds(self, value: Any) -> bool:
        """Return whether a value is one of these."""
        if self.choices:
            return value in self.choices
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and self.low <= value <= self.high

    def plain(self) -> dict[str, Any]:
        """Return the dimension as plain data, without its place."""
        if self.choices:
            return {self.key: list(self.choices)}
        return {self.key: {"min": self.low, "max": self.high, "log": self.log}}

    def problem(self, found: str, expected: str, hint: str | None = None) -> Problem:
        """Return a problem at the key."""
        return Problem(self.file, self.line, self.key, found, expected, hint)


def read_space(file: Path) -> list[Dimension]:
    """Return the space that a file describes.

    Raises:
        SpecError: with every problem of the file.
    """
    document = read_document(file, _FILE)
    found = [_dimension(document, key) for key in document.data]
    problems = [one for one in found if isinstance(one, Problem)]
    if problems:
        raise SpecError(problems)
    return [one for one in found if isinstance(one, Dimension)]


def _dimension(document: Document, key: str) -> Dimension | Problem:
    """Return what is written at a key, or what is wrong with it."""
    value, place = document.data[key], document.place((key,))
    blank = Dimension(key, file=place.file, line=place.line)
    section, dot, _ = key.partition(".")
    if section not in _SECTIONS or not dot:
        hint = did_you_mean(section, _SECTIONS)
        expected = "a key inside of graph, network or train"
        return blank.problem(f"the key {key!r}", expected, hint)
    if isinstance(value, list):
        texts = [show(item) for item in value]
        if len(set(texts)) < len(value) or len(value) < 2:
            return blank.problem(show(value), f"{_VALUES}; all different")
        return replace(blank, choices=tuple(value))
    if not isinstance(value, Mapping):
        return blank.problem(show(value), _VALUES)
    for inner in value:
        if inner not in _RANGE:
            hint = did_you_mean(inner, _RANGE)
            return blank.problem(f"the unknown key {inner!r}", _VALUES, hint)
    low, high, log = value.get("min"), value.get("max"), value.get("log", False)
    if not _number(low) or not _number(high) or not isinstance(log, bool):
        return blank.problem(show(value), _VALUES)
    if low >= high:
        return blank.problem(show(value), f"{_VALUES}; min below max")
    if log and low <= 0:
        return blank.problem(show(value), "min above 0 where log is true")
    return replace(blank, low=low, high=high, log=log)


def _number(value: Any) -> TypeGuard[float]:
    """Return whether a value is a finite number."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def check_space(
    space: Sequence[Dimension], spec: Spec, task: Task, registry: Registry
) -> None:
    """Try each value of each key on a spec.

    Raises:
        SpecError: with every key that the spec does not have, and every value that it
            does not take, at its line of the space.
    """
    problems: list[Problem] = []
    for dimension in space:
        for value in dimension.values:
            try:
                tried = with_values(spec, task, {dimension.key: value}, registry)
                architecture_of(tried)
            except SpecError as error:
                told = [_at(dimension, spec, one) for one in error.problems]
                problems += [one for one in told if one not in problems]
    if problems:
        raise SpecError(problems)


def _at(dimension: Dimension, spec: Spec, problem: Problem) -> Problem:
    """Return a spec's problem at the line of the space that makes it."""
    key = problem.key
    told = dimension.key if key == dimension.key else f"{dimension.key} ({key})"
    expected = f"{problem.expected} ({spec.name})"
    return replace(
        problem, file=dimension.file, line=dimension.line, key=told, expected=expected
    )


def with_values(
    spec: Spec, task: Task, values: Mapping[str, Any], registry: Registry
) -> Spec:
    """Return a spec with other values at some keys; `train` is that of the task.

    Raises:
        SpecError: for keys and values that do not fit.
    """
    plain = spec.resolved()
    plain["train"] = _train_of(spec, task)
    assignments = [
        f"{key}={write_yaml(value).removesuffix('...' + chr(10)).strip()}"
        for key, value in values.items()
    ]
    made = resolve_spec(plain, registry, spec.file, assignments)
    return replace(made, point=spec.point)


def _train_of(spec: Spec, task: Task) -> dict[str, Any]:
    """Return the training of one task as a section that says the same for all."""
    plain = spec.train[task].resolved()
    if task == "regression":
        return plain
    loss = {"loss": plain.pop("loss")}
    return {
        **plain,
        "loss": spec.train["regression"].resolved()["loss"],
        "by_task": {task: loss},
    }


def default_space(
    spec: Spec, task: Task, registry: Registry, budgeted: bool
) -> list[Dimension]:
    """Return a small space around a spec's own values.

    Learning rate over a factor of 5 each way; one block more or less of those that
    repeat most; half and one and a half times the width of the nodes, where the network
    can be built so. Where no budget says how long trials are, half and twice the batch,
    and half of the epochs.

    Args:
        spec: whose values are the middle.
        task: whose training is looked at.
        registry: for components.
        budgeted: whether epochs are given.
    """
    options = spec.train[task]
    found = []
    rate = getattr(options.optimizer.options, "lr", None)
    if rate is not None:
        found.append(
            Dimension("train.optimizer.lr", low=rate / 5, high=rate * 5, log=True)
        )
    repeats = [block.repeat for block in spec.network.blocks]
    deepest = repeats.index(max(repeats))
    own = repeats[deepest]
    if own > 1:
        choices = (own - 1, own, own + 1)
        found.append(Dimension(f"network.blocks.{deepest}.repeat", choices))
    node = spec.network.embed.get("node")
    width = None if node is None else getattr(node.options, "width", None)
    if isinstance(width, int) and width >= 2:
        choices = (width // 2, width, width + width // 2)
        found.append(Dimension("network.embed.node.width", choices))
    if not budgeted:
        size, epochs = options.batch_size, options.epochs
        found.append(Dimension("train.batch_size", (max(size // 2, 1), size, size * 2)))
        if epochs > 1:
            found.append(Dimension("train.epochs", (epochs // 2, epochs)))
    return [one for one in found if _fits(one, spec, task, registry)]


def _fits(dimension: Dimension, spec: Spec, task: Task, registry: Registry) -> bool:
    try:
        check_space([dimension], spec, task, registry)
    except SpecError:
        return False
    return True


def own_values(spec: Spec, task: Task, space: Sequence[Dimension]) -> dict[str, Any]:
    """Return the spec's own value at each key of a space, None where it has none."""
    plain = spec.resolved()
    plain["train"] = spec.train[task].resolved()
    values = {}
    for dimension in space:
        value: Any = plain
        for part in dimension.key.split("."):
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            else:
                value = value.get(part) if isinstance(value, Mapping) else None
        values[dimension.key] = value
    return values
