"""What is said in Python, as the flags of `ngn-compare` say it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from ngn_core.dataset.dataset import DatasetTable, Target
from ngn_core.dataset.objects import table_from_objects
from ngn_core.errors import NGNError

if TYPE_CHECKING:
    from ngn_core.comparison.protocol import Protocol

OnBadStructure = Literal["error", "skip"]
ProtocolName = Literal["own", "equal", "tuned"]
WantedCosts = Literal["missing", "fresh", "none"]

_READ_BY = {"learning_rates": "equal", "trials": "tuned", "space": "tuned"}
"""The protocol that reads a keyword."""

T = TypeVar("T", str, str | Path)


def check_choices(**given: tuple[str, Any]) -> None:
    """Check that each keyword has one of its values.

    Args:
        given: by keyword, what it has and the `Literal` of its values.

    Raises:
        NGNError: naming the values.
    """
    for keyword, (value, choices) in given.items():
        known = get_args(choices)
        if value not in known:
            raise NGNError(f"{keyword}={value!r}: expected {' or '.join(known)}")


def several(given: T | Sequence[T] | None) -> tuple[T, ...]:
    """Return one name or file, several of them, or none, as a tuple."""
    if given is None:
        return ()
    if isinstance(given, str | Path):
        return (given,)
    return tuple(given)


def yaml_text(value: Any) -> str:
    """Return plain data as flags have it."""
    return json.dumps(value, ensure_ascii=False)


def choose_protocol(
    name: ProtocolName,
    learning_rates: Sequence[float] | None,
    trials: int | None,
    space: str | Path | None,
) -> Protocol:
    """Return a protocol with its options.

    Raises:
        NGNError: for an option of another protocol, which nothing would read.
    """
    from ngn_core.comparison.protocols import PROTOCOLS

    options: dict[str, Any] = {
        "learning_rates": None if learning_rates is None else tuple(learning_rates),
        "trials": trials,
        "space": None if space is None else Path(space),
    }
    given = {keyword: value for keyword, value in options.items() if value is not None}
    for keyword in given:
        if name != _READ_BY[keyword]:
            raise NGNError(
                f"{keyword}: nothing reads it under protocol={name!r}; expected "
                f"protocol={_READ_BY[keyword]!r} beside it"
            )
    return PROTOCOLS[name](**given)


def table_of(
    data: str | Path | DatasetTable | Sequence[Any],
    values: Sequence[Any] | Mapping[str, Sequence[Any]] | None,
    targets: Sequence[str],
) -> str | DatasetTable:
    """Return what there is to compare on: a source, or a table.

    Args:
        data: a source, a table, or structures.
        values: of structures; one column has the name of the target.
        targets: that are asked for.

    Raises:
        NGNError: for structures without values, and values of anything else.
    """
    if isinstance(data, str | Path | DatasetTable):
        if values is not None:
            raise NGNError(
                "values: only structures in memory have values beside them; expected "
                "`target`, the name of a column"
            )
        return data if isinstance(data, DatasetTable) else str(data)
    if values is None:
        raise NGNError("values: expected those of the structures, one for each")
    if isinstance(values, Mapping):
        columns = dict(values)
    elif len(targets) > 1:
        raise NGNError(
            f"values: one column for the targets {', '.join(targets)}; expected "
            "several columns by name, {'volume': [...], 'gap': [...]}"
        )
    else:
        columns = {targets[0] if targets else "target": list(values)}
    declared = {name: Target() for name in columns}
    return table_from_objects("structures", data, columns, None, declared)
