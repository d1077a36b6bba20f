"""A call of ngn-compare that an executor makes: `python -m ngn_core.cli.worker`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

_OTHERS = {
    "benchmark",  # its flags are among those of the call
    "executor",
    "executor_options",
    "address",
    "max_time",  # whoever waits for the workers ends them
    "target",  # one for each worker
    "shard",
    "trials_only",
    "help",
    "version",
}


def worker(arguments: list[str]) -> int:
    """Run ngn-compare, and return its exit code also where it does not like them."""
    from ngn_core.cli.compare import main

    try:
        return main(arguments)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1


def worker_arguments(
    parser: argparse.ArgumentParser, args: argparse.Namespace
) -> tuple[str, ...]:
    """Return the arguments of a call, but for those that are not its workers'."""
    made = []
    for action in parser._actions:
        if action.dest not in _OTHERS:
            value = getattr(args, action.dest)
            if not action.option_strings:
                made += value
            elif value != action.default:
                made += _flag(action, value)
    return tuple(made)


def _flag(action: argparse.Action, value: Any) -> Iterator[str]:
    """Yield a flag as often as it was given."""
    flag = action.option_strings[0]
    if action.nargs == 0:
        yield flag
    elif isinstance(value, list):
        yield from (f"{flag}={one}" for one in value)
    elif isinstance(value, tuple):
        yield f"{flag}={','.join(map(str, value))}"
    else:
        yield f"{flag}={value}"


if __name__ == "__main__":
    sys.exit(worker(sys.argv[1:]))
