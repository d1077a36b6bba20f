"""Text files, compressed or not, whose errors are sentences."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources.abc import Traversable
from typing import IO, TextIO, cast

import ngn_core.api as ngn


@contextmanager
def text_file(path: Traversable) -> Iterator[TextIO]:
    """Open a UTF-8 file for reading, through gzip where its name ends in `.gz`.

    Raises:
        DatasetError: where it is missing, cut off, or no UTF-8 text; also for what is
            read from it inside the `with` block.
    """
    try:
        with path.open("rb") as raw:
            plain = gzip.GzipFile(fileobj=raw) if path.name.endswith(".gz") else raw
            with io.TextIOWrapper(
                cast(IO[bytes], plain), encoding="utf-8-sig", newline=""
            ) as text:
                yield text
    except FileNotFoundError:
        raise ngn.DatasetError(f"{path}: there is no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise ngn.DatasetError(f"{path}: cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise ngn.DatasetError(
            f"{path}: is not UTF-8 text (byte {error.start}: {error.reason}); "
            "a compressed file's name ends in .gz"
        ) from error
