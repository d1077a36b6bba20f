"""Files that are there whole, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_write(file: Path) -> Iterator[Path]:
    """Give a name to write a file under, which it loses when it is written.

    Of several processes that write one file the last one wins; none sees another's
    half. What could not be written is removed: on a full disk others need the room.

    Raises:
        OSError: where it cannot get its name.
    """
    partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}.partial")
    try:
        yield partial
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
