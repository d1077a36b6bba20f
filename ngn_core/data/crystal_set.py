"""The crystals that are trained and tested on, with targets, folds and state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import DatasetError


@dataclass(frozen=True, eq=False)
class TargetColumn:
    """What is predicted.

    Attributes:
        name: its column.
        unit: printed beside every number, `?` where nobody says.
        task: `regression` or `binary` (0 and 1).
        values: [B], float64.
    """

    name: str
    unit: str
    task: Literal["regression", "binary"]
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class StateColumn:
    """What the global state starts from: numbers, or codes of labels.

    Attributes:
        name: its column.
        numbers: [B], float64; None where the column holds labels.
        labels: all labels, sorted; a label's place is its code. Empty with numbers.
        codes: [B], int64; None where the column holds numbers.
    """

    name: str
    numbers: np.ndarray | None = None
    labels: tuple[str, ...] = ()
    codes: np.ndarray | None = None


@dataclass(frozen=True)
class Skipped:
    """A row that was left out, as the user allowed."""

    id: str
    where: str
    reason: str


@dataclass(frozen=True, eq=False)
class CrystalSet:
    """A dataset that can be trained on.

    Attributes:
        name: short name, printed over every table.
        ids: B ids, all different.
        where: file and row of each crystal, for messages; not part of the content.
        crystals: B crystals, every site with one atom.
        target: None for commands that do not train.
        fold: [B], int64, the fold in whose test part each crystal lies; None without
            a target.
        n_folds: 0 without a target.
        fold_source: `official`, or how they were made; empty without a target.
        state: what the global state starts from.
        skipped: the rows that were left out.
        note: a sentence that every report repeats.
    """

    name: str
    ids: tuple[str, ...]
    where: tuple[str, ...]
    crystals: tuple[Crystal, ...]
    target: TargetColumn | None = None
    fold: np.ndarray | None = None
    n_folds: int = 0
    fold_source: str = ""
    state: StateColumn | None = None
    skipped: tuple[Skipped, ...] = ()
    note: str | None = None

    def __len__(self) -> int:
        """Return the number of crystals."""
        return len(self.ids)

    @cached_property
    def digest(self) -> str:
        """Return the sha256 of the content; names of files and columns are no part.

        Equal on every machine: numbers are hashed as little-endian float64 or int64.
        """
        digest = hashlib.sha256()
        for part in self._content():
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
        return digest.hexdigest()

    def _content(self) -> Iterator[bytes]:
        for name, crystal in zip(self.ids, self.crystals, strict=True):
            yield name.encode()
            yield _floats(crystal.lattice)
            yield _floats(crystal.frac)
            yield _integers([len(species) for species in crystal.species])
            pairs = [pair for species in crystal.species for pair in species]
            yield _floats(pairs)
            for column in sorted(crystal.columns):
                yield column.encode()
                yield _floats(crystal.columns[column])
        yield b"target"
        if self.target is not None:
            yield _floats(self.target.values)
        yield b"fold"
        if self.fold is not None:
            yield _integers(self.fold)
        yield b"state"
        if self.state is not None:
            if self.state.numbers is not None:
                yield _floats(self.state.numbers)
            if self.state.codes is not None:
                yield "\0".join(self.state.labels).encode()
                yield _integers(self.state.codes)


def drop(crystal_set: CrystalSet, failures: Mapping[str, str]) -> CrystalSet:
    """Return the set without crystals that failed later; they join `skipped`.

    The others keep their folds, and labels of the state their codes.

    Args:
        crystal_set: is left as it is.
        failures: the reason by id.

    Raises:
        DatasetError: where no crystal is left, or none in one of the folds.
        KeyError: for an id that the set does not have.
    """
    unknown = failures.keys() - set(crystal_set.ids)
    if unknown:
        raise KeyError(f"not in {crystal_set.name}: {', '.join(sorted(unknown))}")
    if not failures:
        return crystal_set
    kept = [i for i, name in enumerate(crystal_set.ids) if name not in failures]
    dropped = tuple(
        Skipped(name, where, failures[name])
        for name, where in zip(crystal_set.ids, crystal_set.where, strict=True)
        if name in failures
    )
    skipped = crystal_set.skipped + dropped
    if not kept:
        raise DatasetError(
            f"{crystal_set.name}: no crystal is left; all {len(skipped)} rows were "
            f"skipped, the last, {dropped[-1].id}, for: {dropped[-1].reason}"
        )
    target, fold, state = crystal_set.target, crystal_set.fold, crystal_set.state
    if fold is not None:
        fold = _frozen(fold[kept])
        check_folds_filled(crystal_set.name, fold, crystal_set.n_folds)
    return replace(
        crystal_set,
        ids=tuple(crystal_set.ids[i] for i in kept),
        where=tuple(crystal_set.where[i] for i in kept),
        crystals=tuple(crystal_set.crystals[i] for i in kept),
        target=target and replace(target, values=_frozen(target.values[kept])),
        fold=fold,
        state=state and _state_of(state, kept),
        skipped=skipped,
    )


def check_folds_filled(name: str, fold: np.ndarray, n_folds: int) -> None:
    """Check that every fold has a crystal.

    Raises:
        DatasetError: naming the folds without one.
    """
    empty = sorted(set(range(n_folds)) - set(fold.tolist()))
    if empty:
        raise DatasetError(
            f"{name}: no crystal is left in the test part of fold "
            f"{', '.join(map(str, empty))} of {n_folds}; all its rows were skipped"
        )


def _state_of(state: StateColumn, kept: list[int]) -> StateColumn:
    numbers = None if state.numbers is None else _frozen(state.numbers[kept])
    codes = None if state.codes is None else _frozen(state.codes[kept])
    return replace(state, numbers=numbers, codes=codes)


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def _floats(values: np.ndarray | Sequence[object]) -> bytes:
    # adding zero turns -0.0 into 0.0
    return (np.asarray(values, dtype="<f8") + 0.0).tobytes()


def _integers(values: np.ndarray | Sequence[int]) -> bytes:
    return np.asarray(values, dtype="<i8").tobytes()
