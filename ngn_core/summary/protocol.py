"""How the training of each spec was chosen, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ngn_core.summary.comparison import Line
from ngn_core.summary.numbers import format_number, plural
from ngn_core.summary.typed_table import FILES, Row, TableColumn, TypedTable

_COLUMNS = (
    TableColumn("spec", "spec"),
    TableColumn("protocol", "protocol"),
    TableColumn("loss", "loss"),
    TableColumn("optimizer", "optimizer"),
    TableColumn("schedule", "schedule"),
    TableColumn("train_rows", "train rows", kind="count"),
    TableColumn("inner_rows", "inner rows", kind="count"),
    TableColumn("test_rows", "test rows", kind="count"),
    TableColumn("batch_size", "batch", kind="count"),
    TableColumn("epochs", "epochs", kind="count"),
    TableColumn("steps", "steps", kind="count"),
    TableColumn("learning_rate", "learning rate", kind="quantity"),
    TableColumn("choice_trials", "choice trials", kind="count"),
    TableColumn("choice_seconds", "choice", "s", "quantity"),
)


def protocol_table(lines: Sequence[Line]) -> TypedTable | None:
    """Return rows, loss, steps and learning rate of each spec; None where not known."""
    rows = tuple(_row(line) for line in lines if _records(line))
    if not rows:
        return None
    return TypedTable("training", "Training", _COLUMNS, (rows,), places=FILES)


def protocol_sentences(lines: Sequence[Line]) -> list[str]:
    """Return what a reader has to know of the protocols of a comparison."""
    known = [line for line in lines if _records(line)]
    names = {record["protocol"] for line in known for record in _records(line)}
    sentences = [told(known) for name, told in _SENTENCES.items() if name in names]
    for line in known:
        folds = sorted(
            {
                result.fold
                for result in line.results
                if result.training.get("saw_labels")
            }
        )
        if folds:
            told = ", ".join(map(str, folds))
            word = "fold" if len(folds) == 1 else "folds"
            sentences.append(
                f"{line.spec}: selection saw these labels on {word} {told}; its scores "
                "there are too good."
            )
    return sentences


def _own(lines: Sequence[Line]) -> str:
    return "Protocol own: each spec is trained as its file says."


def _equal(lines: Sequence[Line]) -> str:
    networks = [one for one in _of("equal", lines) if one.get("choice")]
    if not networks:
        return "Protocol equal."
    grid = [format_number(one["lr"]) for one in networks[0]["choice"]["candidates"]]
    sentence = (
        f"Protocol equal, budget {networks[0]['budget']}: the same training and inner "
        "rows, loss, batch size and schedule for all; the optimizer and what this "
        "table does not name are each spec's own. The learning rate of each is the "
        f"best of {', '.join(grid)} on the inner rows of each fold's own training "
        f"part; {_cost(lines)}."
    )
    edges = {
        line.spec: sorted(
            {result.fold for result in line.results if _at_edge(result.training)}
        )
        for line in lines
    }
    told = [
        f"{spec} (fold {', '.join(map(str, folds))})"
        for spec, folds in edges.items()
        if folds
    ]
    if told:
        sentence += f" At an end of the grid: {'; '.join(told)}."
    return sentence


def _tuned(lines: Sequence[Line]) -> str:
    records = _of("tuned", lines)
    choice = next(one["choice"] for one in records if one.get("choice"))
    keys = dict.fromkeys(
        key
        for one in records
        for candidate in one["choice"]["candidates"]
        for key in candidate
        if key != "score"
    )
    return (
        "Protocol tuned: inside of each fold, a study of "
        f"{plural(len(choice['candidates']), 'trial')} of each spec over "
        f"{', '.join(keys)}, scored on inner rows of the fold's own training part; "
        f"{_cost(lines)}."
    )


def _cost(lines: Sequence[Line]) -> str:
    parts = [_choices(line) for line in lines]
    trials = sum(count for count, _ in parts)
    seconds = sum(spent for _, spent in parts)
    return f"choosing took {plural(trials, 'trial')} and {format_number(seconds, 3)} s"


def _choices(line: Line) -> tuple[int, float]:
    """Return trials and seconds of choosing; the seeds of a fold share a choice."""
    by_fold = {
        result.fold: result.training["choice"]
        for result in line.results
        if result.training.get("choice")
    }
    trials = sum(len(choice["candidates"]) for choice in by_fold.values())
    return trials, sum(choice["seconds"] for choice in by_fold.values())


def _at_edge(record: Any) -> bool:
    choice = record.get("choice") or {"candidates": []}
    grid = [one["lr"] for one in choice["candidates"] if "lr" in one]
    return len(grid) > 2 and record["lr"] in (min(grid), max(grid))


def _row(line: Line) -> Row:
    records = _records(line)
    trials, seconds = _choices(line)

    def over(key: str) -> str | int | float | None:
        return _told(one.get(key) for one in records)

    return (
        line.spec,
        over("protocol"),
        over("loss"),
        over("optimizer"),
        over("schedule"),
        *(_told(one["rows"][part] for one in records) for part in _PARTS),
        over("batch_size"),
        over("epochs"),
        over("steps"),
        over("lr"),
        trials or None,
        seconds if trials else None,
    )


_PARTS = ("train", "inner", "test")


def _told(values: Iterable[Any]) -> str | int | float | None:
    """Return the one value, or the different ones in words; of whole numbers the ends.

    None is no value.
    """
    found = sorted({value for value in values if value is not None}, key=_order)
    if not found:
        return None
    if len(found) == 1:
        one: str | int | float = found[0]
        return one
    if all(isinstance(value, int) for value in found):
        return f"{found[0]:,}-{found[-1]:,}"
    return ", ".join(
        format_number(value, 3) if isinstance(value, float) else str(value)
        for value in found
    )


def _order(value: Any) -> tuple[bool, Any]:
    return isinstance(value, str), value


def _records(line: Line) -> list[Any]:
    return [result.training for result in line.results if result.training]


def _of(protocol: str, lines: Sequence[Line]) -> list[Any]:
    """Return the records of the trials that a protocol chose the training of."""
    return [
        record
        for line in lines
        for record in _records(line)
        if record["protocol"] == protocol
    ]


_SENTENCES = {"own": _own, "equal": _equal, "tuned": _tuned}
"""What is said of each protocol, by the name that records have."""
