"""`--benchmark FILE`: arguments from a file, as they stand on the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngn_core.errors import Problem, SpecError
from ngn_core.plugin.suggest import did_you_mean

if TYPE_CHECKING:
    from ngn_core.spec.document import Document

_FLAG = "--benchmark"
_SPECS = "specs"
_EXPECTED = "a YAML file with `specs` and the long flags of ngn-compare as keys"


def add_benchmark(parser: argparse._ActionsContainer) -> None:
    """Add `--benchmark FILE`."""
    parser.add_argument(
        _FLAG,
        type=Path,
        metavar="FILE",
        help="specs and flags from a YAML file, `sweep` among them; what is given here "
        "too has precedence",
    )


def with_benchmark(
    parser: argparse.ArgumentParser, arguments: Sequence[str]
) -> list[str]:
    """Return the arguments, with those of a benchmark file that are not given.

    Args:
        parser: of the command; its long flags are the keys of the file.
        arguments: of the command line.

    Raises:
        SpecError: with every problem of the file.
    """
    alone = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_benchmark(alone)
    found, _ = alone.parse_known_args(arguments)
    if found.benchmark is None:
        return list(arguments)
    from ngn_core.spec.document import read_document

    document = read_document(found.benchmark, _EXPECTED)
    specs = next(action for action in parser._actions if action.dest == _SPECS)
    specs.nargs = "*"  # the file may name them
    given = parser.parse_intermixed_args(arguments)
    specs.nargs = "+"
    return [*_arguments(parser, document, given), *arguments]


def _arguments(
    parser: argparse.ArgumentParser, document: Document, given: argparse.Namespace
) -> list[str]:
    from ngn_core.spec.plain_yaml import show

    flags = {
        flag.removeprefix("--"): action
        for action in parser._actions
        for flag in action.option_strings
        if flag.startswith("--") and flag not in (_FLAG, "--help", "--version")
    }
    problems: list[Problem] = []
    made: list[str] = []
    for key, value in document.data.items():
        if key == _SPECS and not _is_texts(value):
            problems.append(document.problem((key,), show(value), "a list of specs"))
        elif key == _SPECS:
            made += [] if given.specs else value
        elif key not in flags:
            expected = f"one of {', '.join([_SPECS, *flags])}"
            found, hint = f"the unknown key {key!r}", did_you_mean(key, flags)
            problems.append(document.problem((key,), found, expected, hint))
        elif getattr(given, flags[key].dest) == flags[key].default:
            made += _flag(key, flags[key], value)
    if problems:
        raise SpecError(problems)
    return made


def _flag(key: str, action: argparse.Action, value: Any) -> list[str]:
    """Return a flag as often as it is given."""
    if action.nargs == 0:
        return [f"--{key}"] if value else []
    return [f"--{key}={text}" for text in _texts(action, value)]


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _texts(action: argparse.Action, value: Any) -> Iterator[str]:
    """Yield the texts that a flag is given, one each time it is given."""
    if isinstance(value, dict):  # sweep, set, where: KEY=VALUE
        for key, one in value.items():
            is_axis = isinstance(one, list) and action.dest == "sweeps"
            listed = one if is_axis else [one]
            yield f"{key}={','.join(map(_text, listed))}"
    elif isinstance(value, list):
        yield from map(_text, value)
    else:
        yield _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
