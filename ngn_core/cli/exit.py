"""Exit codes, and errors as sentences."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from io import TextIOWrapper

from ngn_core.errors import NGNError, SpecError

OK, FAILED, USAGE, UNFINISHED, INTERRUPTED = 0, 1, 2, 75, 130
"""75 is EX_TEMPFAIL of sysexits.h: the same call again goes on."""


def sentences(
    main: Callable[[list[str] | None], int],
) -> Callable[[list[str] | None], int]:
    """Turn the project's own errors into sentences and exit codes."""

    @wraps(main)
    def wrapped(arguments: list[str] | None = None) -> int:
        _print_everywhere()
        try:
            return main(arguments)
        except SpecError as error:
            count = len(error.problems)
            print(f"{count} problem{'s' * (count > 1)}:\n{error}", file=sys.stderr)
            return USAGE
        except NGNError as error:
            print(f"error: {error}", file=sys.stderr)
            return USAGE
        except BrokenPipeError:  # whoever read the output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        except OSError as error:
            print(f"error: {error}", file=sys.stderr)
            return FAILED
        except KeyboardInterrupt:
            print("interrupted", file=sys.stderr)
            return INTERRUPTED

    return wrapped


def _print_everywhere() -> None:
    """Print a question mark for what the terminal's encoding lacks, and go on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
