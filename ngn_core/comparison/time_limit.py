"""Times as users say them."""

from __future__ import annotations

import re

from ngn_core.errors import NGNError

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def parse_time(text: str, flag: str | None = None) -> float:
    """Return the seconds of `90s`, `3m` or `1.5h`.

    Args:
        text: what was said.
        flag: where, None: as a budget.

    Raises:
        NGNError: for anything else.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh])", text.strip())
    if found is None or float(found[1]) <= 0:
        if flag is not None:
            raise NGNError(f"{flag} {text!r}: expected a time like 90s, 30m or 3h")
        raise NGNError(
            f"--budget {text!r}: expected a time like 90s, 3m or 1.5h for the whole "
            "call, or epochs=N, steps=N or seconds=S of every trial"
        )
    return float(found[1]) * _UNITS[found[2]]
