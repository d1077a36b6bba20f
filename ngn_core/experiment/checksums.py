"""Check sums of a stored result, by which damage is told from a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_FILES, _OWN = "files", "sha256"


def with_checksums(plain: Mapping[str, Any], folder: Path, files: Iterable[str]) -> str:
    """Return plain data as JSON, with the sha256 of it and of files beside it.

    Raises:
        OSError: where a file cannot be read.
    """
    digests = {name: _digest(folder / name) for name in files}
    text = _written({**plain, _FILES: digests})
    return _written({**json.loads(text), _OWN: _sha256(text)})


def verify_checksums(text: str, folder: Path) -> dict[str, Any]:
    """Return the plain data of a text of `with_checksums`, files beside it checked.

    Raises:
        OSError: where a file cannot be read.
        KeyError: where it has no check sums.
        ValueError: where the text or a file is not what it was.
    """
    plain = json.loads(text)
    if not isinstance(plain, dict):
        raise ValueError("expected values by name")
    if plain.pop(_OWN) != _sha256(_written(plain)):
        raise ValueError("changed since it was written")
    files = plain.pop(_FILES)
    if not isinstance(files, dict):
        raise ValueError(f"{_FILES}: expected check sums by name")
    for name, digest in files.items():
        if digest != _digest(folder / name):
            raise ValueError(f"{name} was changed since it was written, or cut off")
    return plain


def _written(plain: Mapping[str, Any]) -> str:
    return json.dumps(plain, indent=1, ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
