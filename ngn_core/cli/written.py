"""Saying where a report is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def tell_written(files: Sequence[Path]) -> None:
    """Name the page on standard error, and count what is beside it.

    Args:
        files: of a report, the page first.
    """
    page, *others = files
    endings = ", ".join(sorted({file.suffix[1:] for file in others}))
    beside = f" ({len(others)} more files beside it: {endings})" if others else ""
    print(f"report: {page}{beside}", file=sys.stderr)
