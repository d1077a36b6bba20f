"""Where the crystals are that were held out, kept beside the trials."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ngn_core.dataset.crystal_set import CrystalSet, HeldOut
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import open_declared
from ngn_core.dataset.holdout_split import bare_digest
from ngn_core.dataset.rows import OnDisorder, ReadColumns
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError, TrialError
from ngn_core.files import atomic_write
from ngn_core.plugin.registry import Registry

_FOLDER = "holdout"
_DIGITS = 16
_LISTED = 20


@dataclass(frozen=True)
class HeldOutSource:
    """What it takes to read held-out crystals again.

    Attributes:
        held_out: which ones.
        dataset: what `--dataset` named; None for a table from memory.
        flags: of the dataset, on the command line.
        target: what is predicted.
        state: column of the global state.
        on_disorder: what became of disordered crystals.
    """

    held_out: HeldOut
    dataset: str | None
    flags: DeclarationFlags
    target: str
    state: str | None
    on_disorder: OnDisorder


def keep_source(source: HeldOutSource, runs: Path) -> None:
    """Write down, in the folder of trials, what was held out and where it is.

    Paths are written whole, so that they mean the same from another folder.

    Raises:
        TrialError: where that cannot be written.
    """
    plain = asdict(source)
    if source.dataset is not None and Path(source.dataset).expanduser().exists():
        plain["dataset"] = str(Path(source.dataset).expanduser().resolve())
    if source.flags.declaration is not None:
        plain["flags"]["declaration"] = str(source.flags.declaration.resolve())
    file = _file(runs, source.held_out.digest)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(file) as partial:
            partial.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise TrialError(f"cannot write results to {runs}: {error}") from error


def read_source(digest: str, runs: Path) -> HeldOutSource:
    """Return what was held out from trials in a folder.

    Raises:
        TrialError: where that is not written down there.
    """
    file = _file(runs, digest)
    try:
        plain: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        held_out, flags = plain.pop("held_out"), plain.pop("flags")
        held_out["ids"] = tuple(held_out["ids"])
        flags["where"] = tuple(flags["where"])
        if flags["declaration"] is not None:
            flags["declaration"] = Path(flags["declaration"])
        return HeldOutSource(
            HeldOut(**held_out), flags=DeclarationFlags(**flags), **plain
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrialError(
            f"{file}: does not say what was held out ({type(error).__name__}: "
            f"{error}); run the comparison again, its trials are stored"
        ) from error


def read_held_out(
    source: HeldOutSource,
    registry: Registry,
    read: ReadColumns,
    dataset: str | None = None,
) -> CrystalSet:
    """Return the held-out crystals, the very ones that no trial saw.

    Args:
        source: as it was kept.
        registry: for the dataset.
        read: columns that the networks read.
        dataset: where they are now, in place of where they were.

    Raises:
        DatasetError: where they are not there any more, or have changed.
    """
    named = dataset or source.dataset
    if named is None:
        raise DatasetError(
            f"the crystals of {source.target} were compared from Python and are kept "
            "nowhere; give them with --dataset DATA"
        )
    flags = source.flags
    if dataset is not None and flags.declaration is not None:
        there = flags.declaration.is_file()
        flags = flags if there else replace(flags, declaration=None)
    table = open_declared(named, registry, flags, (source.target,))
    wanted = set(source.held_out.ids)
    rows = [row for row in table.rows if row.id in wanted]
    lost = wanted - {row.id for row in rows}
    if lost:
        listed = ", ".join(sorted(lost)[:_LISTED])
        raise DatasetError(
            f"{named}: {len(lost)} of {len(wanted)} crystals that were held out are "
            f"not there any more: {listed}{', ...' * (len(lost) > _LISTED)}"
        )
    table = replace(
        table,
        rows=rows,
        targets={
            name: replace(target, folds=None) for name, target in table.targets.items()
        },
        folds={},
    )
    found = select(
        table,
        source.target,
        source.state,
        on_disorder=source.on_disorder,
        read=read,
    )
    digest = bare_digest(found)
    if digest != source.held_out.digest:
        raise DatasetError(
            f"{named}: the {len(wanted)} crystals that were held out, or their "
            f"{source.target}, have changed since the comparison (digest "
            f"{digest[:_DIGITS]}, then {source.held_out.digest[:_DIGITS]}); "
            "give the dataset as it was with --dataset DATA"
        )
    return found


def _file(runs: Path, digest: str) -> Path:
    return runs / _FOLDER / f"{digest[:_DIGITS]}.json"
