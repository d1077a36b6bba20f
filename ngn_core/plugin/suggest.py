"""Did you mean: the known name that is closest to one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(name: object, known: Iterable[str]) -> str | None:
    """Return a question with the closest known name, case aside, or None."""
    folded: dict[str, str] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), candidate)
    close = difflib.get_close_matches(str(name).casefold()[:80], folded, n=1)
    return f"Did you mean {folded[close[0]]!r}?" if close else None
