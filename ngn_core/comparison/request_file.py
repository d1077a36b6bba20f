"""Requests as files, for workers in other processes and on other machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from typing import Any

from ngn_core import __version__
from ngn_core.comparison.protocol import Protocol
from ngn_core.comparison.protocols import PROTOCOLS
from ngn_core.comparison.request import Request
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.errors import ExecutorError
from ngn_core.experiment.shard import Shard
from ngn_core.files import atomic_write
from ngn_core.statistics.verdict_options import VerdictOptions

_CALLERS = ("executor", "against")
"""What only the call that waits for its workers needs."""


def write_request(request: Request, file: Path) -> None:
    """Write a request, but for what only the call that waits for workers needs.

    Its relative paths are kept as they are.

    Raises:
        OSError: where the file cannot be written.
    """
    plain = {
        one.name: getattr(request, one.name)
        for one in fields(request)
        if one.name not in _CALLERS
    }
    text = json.dumps({"ngn": __version__, **plain}, indent=1, default=_plain)
    with atomic_write(file) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def read_request(file: Path) -> Request:
    """Return the request in a file.

    Raises:
        ExecutorError: where there is none, or one of another version.
    """
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        written = plain.pop("ngn")
        if written == __version__:
            return Request(**{name: _read(name, plain[name]) for name in plain})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExecutorError(
            f"{file}: not a request ({type(error).__name__}: {error}); expected what "
            "ngn-compare --executor wrote"
        ) from error
    raise ExecutorError(
        f"{file}: written by ngn {written}; expected {__version__}, which is installed "
        "where this worker runs"
    )


def _plain(value: Any) -> Any:
    """Return what JSON does not know, as it can be read again."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Protocol):
        return {"name": value.name, **asdict(value)}  # type: ignore[call-overload]
    return asdict(value)


def _read(name: str, value: Any) -> Any:
    """Return the value of a field of a request."""
    if value is None or name not in _READERS:
        return tuple(value) if isinstance(value, list) else value
    return _READERS[name](value)


def _made(kind: Callable[..., Any], plain: Mapping[str, Any], *paths: str) -> Any:
    """Return a value of a class from its fields, some of which are paths."""
    given: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one
        for name, one in plain.items()
    }
    for name in paths:
        if given.get(name) is not None:
            given[name] = Path(given[name])
    return kind(**given)


def _protocol(plain: dict[str, Any]) -> Protocol:
    made: Protocol = _made(PROTOCOLS[plain.pop("name")], plain, "space")
    return made


def _paths(plain: list[str]) -> tuple[Path, ...]:
    return tuple(map(Path, plain))


_READERS: dict[str, Callable[[Any], Any]] = {
    "out": Path,
    "cache": Path,
    "plugins": _paths,
    "flags": lambda plain: _made(DeclarationFlags, plain, "declaration"),
    "split": partial(_made, SplitChoice),
    "verdict_options": partial(_made, VerdictOptions),
    "shard": partial(_made, Shard),
    "protocol": _protocol,
}
