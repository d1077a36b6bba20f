"""The rows of a long output, kept part by part until it is whole."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ngn_core.errors import NGNError
from ngn_core.files import atomic_write
from ngn_core.prediction.screened import COLUMNS, NUMBERS, Cells

_IDENTITY, _JOINED = "screening.json", "joined.partial"
_ENDINGS = (".csv", ".parquet")


class Chunks:
    """Files of rows beside an output: each is there whole, or not at all.

    Args:
        out: .csv or .parquet.
        identity: what all parts have in common.

    Raises:
        NGNError: where the parts of another screening are there, or the output is of
            another format.
    """

    def __init__(self, out: Path, identity: Sequence[str]) -> None:
        if out.suffix not in _ENDINGS:
            raise NGNError(f"--out {out}: expected a name ending in .csv or .parquet")
        self.out = out
        self.folder = self.folder_of(out)
        if out.suffix == ".parquet":
            _pyarrow()  # not after hours
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / _IDENTITY
        said = json.dumps(list(identity))
        if not file.exists():
            _write(file, said)
        elif file.read_text(encoding="utf-8") != said:
            raise NGNError(
                f"{self.folder}: holds parts of another screening (of another model, "
                "input or options); finish that one, remove the folder, or give "
                "another --out"
            )

    @staticmethod
    def folder_of(out: Path) -> Path:
        """Return where the parts of an output are."""
        return out.with_name(f"{out.name}.parts")

    def holds(self, number: int, count: int) -> bool:
        """Return whether a part is written, with so many rows.

        A machine that went down may have left it without some of them.
        """
        file = self._file(number)
        if not file.exists():
            return False
        try:
            rows = list(_read(file))
        except (UnicodeDecodeError, csv.Error):
            return False
        return len(rows) == count and all(len(row) == len(COLUMNS) for row in rows)

    def rows(self) -> int:
        """Return how many rows are written, by their lines."""
        return sum(file.read_bytes().count(b"\n") for file in self._files())

    def write(self, number: int, rows: Sequence[Cells]) -> None:
        """Write a part.

        Raises:
            OSError: naming its file, where the disk is full, say.
        """
        file = self._file(number)
        with (
            _named(file),
            atomic_write(file) as partial,
            partial.open("w", newline="", encoding="utf-8") as stream,
        ):
            csv.writer(stream, lineterminator="\n").writerows(
                row.plain() for row in rows
            )

    def join(self) -> Iterator[list[str]]:
        """Write the output from all parts; yield its rows as texts.

        The output is whole when the last row was taken.

        Raises:
            OSError: naming the output, where the disk is full, say.
        """
        chunks = (list(_read(file)) for file in self._files())
        partial = self.folder / _JOINED
        write = _as_csv if self.out.suffix == ".csv" else _as_parquet
        try:
            with _named(self.out):
                yield from write(chunks, partial)
                partial.replace(self.out)
        finally:
            partial.unlink(missing_ok=True)  # on a full disk others need the room

    def clear(self) -> None:
        """Remove the parts; the output is whole."""
        shutil.rmtree(self.folder)

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:08d}.csv"

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.csv"))


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Let errors of writing name the file."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, error.strerror, str(file)) from error


def _read(file: Path) -> Iterator[list[str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        yield from csv.reader(stream)


def _write(file: Path, text: str) -> None:
    with atomic_write(file) as partial:
        partial.write_text(text, encoding="utf-8")


def _as_csv(chunks: Iterator[list[list[str]]], file: Path) -> Iterator[list[str]]:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for rows in chunks:
            writer.writerows(rows)
            yield from rows


def _as_parquet(chunks: Iterator[list[list[str]]], file: Path) -> Iterator[list[str]]:
    arrow, parquet = _pyarrow()
    schema = arrow.schema(
        [
            (name, arrow.float64() if name in NUMBERS else arrow.string())
            for name in COLUMNS
        ]
    )
    with parquet.ParquetWriter(file, schema) as writer:
        for rows in chunks:
            columns = zip(*rows, strict=True)
            arrays = [
                [float(cell) if cell else None for cell in column]
                if name in NUMBERS
                else list(column)
                for name, column in zip(COLUMNS, columns, strict=True)
            ]
            writer.write_table(arrow.table(arrays, schema=schema))
            yield from rows


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise NGNError(
            "--out .parquet needs pyarrow: pip install 'ngn[parquet]', or give a name "
            "ending in .csv"
        ) from error
    return pyarrow, pyarrow.parquet
