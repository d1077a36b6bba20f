"""Finished trials in one file: a `.tar.xz` of the folders that a store has."""

from __future__ import annotations

import lzma
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ngn_core.errors import TrialError
from ngn_core.files import atomic_write

LARGEST = 2**31
"""Bytes of an archive, unpacked; a trial has a few hundred thousand."""

_DEPTH = 2
"""Folder and file: no name in an archive has more parts."""


def pack(folder: Path, file: Path) -> None:
    """Write the files in a folder into an archive; equal files give equal bytes.

    Raises:
        TrialError: where it cannot be written.
    """
    members = sorted(member for member in folder.rglob("*") if member.is_file())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with (
            atomic_write(file) as partial,
            tarfile.open(partial, "w:xz", format=tarfile.USTAR_FORMAT, preset=9) as tar,
        ):
            for member in members:
                about = tarfile.TarInfo(member.relative_to(folder).as_posix())
                about.size = member.stat().st_size
                with member.open("rb") as content:
                    tar.addfile(about, content)
    except OSError as error:
        raise TrialError(f"cannot write an archive to {file}: {error}") from error


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Yield the folder of trials that a path means: itself, or what it holds.

    What an archive holds is gone afterwards, and errors name the archive.

    Raises:
        TrialError: where a file is no archive of trials, or not whole.
    """
    if not path.is_file():
        yield path
        return
    with TemporaryDirectory(prefix="ngn-") as folder:
        try:
            _unpack(path, Path(folder))
            yield Path(folder)
        except TrialError as error:
            told = str(error).replace(folder, str(path))
            raise type(error)(told) from error


def _unpack(file: Path, folder: Path) -> None:
    """Write the files in an archive into an empty folder.

    Raises:
        TrialError: where it is no archive of trials, or not whole.
    """
    room = LARGEST
    try:
        with tarfile.open(file, "r:xz") as tar:
            for member in tar:
                if member.isdir():
                    continue
                room -= member.size
                target = folder / _name(member, file)
                if target.exists():
                    raise _wrong(file, f"{member.name!r} is in it twice")
                if room < 0:
                    raise _wrong(file, f"it holds more than {LARGEST:,} bytes")
                content = tar.extractfile(member)
                assert content is not None
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(content.read())
    except (EOFError, lzma.LZMAError, tarfile.TarError) as error:
        reason = str(error) or type(error).__name__
        raise _wrong(file, f"it is cut off, damaged or none ({reason})") from error
    except (OSError, ValueError) as error:
        raise _wrong(file, f"it cannot be unpacked ({error})") from error


def _name(member: tarfile.TarInfo, file: Path) -> PurePosixPath:
    """Return where a member goes, inside of the folder that it is unpacked into.

    Raises:
        TrialError: where it is no plain file, or would go elsewhere.
    """
    name = PurePosixPath(member.name)
    inside = not name.is_absolute() and ".." not in name.parts and "\\" not in str(name)
    if not member.isfile():
        raise _wrong(file, f"{member.name!r} is a link or no file")
    if not inside or not 0 < len(name.parts) <= _DEPTH:
        raise _wrong(file, f"{member.name!r} is no file of a trial's folder")
    return name


def _wrong(file: Path, what: str) -> TrialError:
    return TrialError(
        f"{file}: no archive of trials: {what}; expected a folder that ngn-compare "
        "--out wrote, or the file that ngn report --archive made of it"
    )
