"""The crystals that are trained and tested on, with targets, folds and state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.benchmark import BenchmarkPart
from ngn_core.dataset.dataset import Target
from ngn_core.dataset.roles import INNER, TEST, TRAIN, VALIDATION
from ngn_core.errors import DatasetError


@dataclass(frozen=True, eq=False)
class TargetColumn:
    """What is predicted.

    Attributes:
        name: its column.
        unit: printed beside every number, `?` where nobody says.
        task: `regression` or `binary` (0 and 1).
        values: [B], float64.
        declared: what else is said of it.
    """

    name: str
    unit: str
    task: Literal["regression", "binary"]
    values: np.ndarray
    declared: Target = field(default_factory=Target)

    @property
    def extensive(self) -> bool:
        """Return whether what is trained on grows with the cell as given."""
        return self.task == "regression" and self.declared.extensive

    def remarks(self) -> list[str]:
        """Return sentences on what is trained on, where it is not the values."""
        flags, sentences = self.declared, []
        if flags.positive is not None:
            sentences.append(f"{self.name} is 1 for {flags.positive!r}, else 0.")
        if flags.transform != "none":
            by_atom = " by atom" if flags.per in ("cell", "formula_unit") else ""
            sentences.append(
                f"Trained on {flags.transform} of {self.name}{by_atom}; scored in its "
                "unit, and transformed beside."
            )
        if flags.reference == "composition":
            sentences.append(
                f"What of {self.name} is linear in the composition was fitted on each "
                "training part, taken off before training and added again."
            )
        return sentences


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


@dataclass(frozen=True)
class HeldOut:
    """The part of a dataset that no trial sees, and only `ngn holdout` reads.

    Attributes:
        ids: of its crystals, in the order of the dataset.
        digest: of their content.
        by: what the crystals of a group share; groups are held out whole.
        n_groups: how many groups.
    """

    ids: tuple[str, ...]
    digest: str
    by: str
    n_groups: int


@dataclass(frozen=True, eq=False)
class CrystalSet:
    """A dataset that can be trained on.

    Attributes:
        name: short name, printed over every table.
        ids: B ids, all different.
        where: file and row of each crystal, for messages; not part of the content.
        crystals: B crystals, with the columns that are read.
        target: None for commands that do not train.
        fold: [B], int64, the fold in whose test part each crystal lies, -1 in none;
            None where there are no folds.
        n_folds: 0 where there are none.
        fold_source: `official`, or how they were made; empty where there are none.
        roles: [n_folds, B], int8, what each crystal is for in each fold where a file
            says so, see `roles.py`; None: what is not tested on is trained on.
        groups: [B], int64, crystals that a validation part keeps together; None where
            each stands alone. Not part of the content: a trial's parts are its own.
        held_out: what was set aside before, None where nothing was.
        state: what the global state starts from.
        skipped: the rows that were left out.
        remarks: sentences on its folds.
        note: a sentence that every report repeats.
        benchmark: which crystals of a published task they are, None where of none; not
            part of the content.
    """

    name: str
    ids: tuple[str, ...]
    where: tuple[str, ...]
    crystals: tuple[Crystal, ...]
    target: TargetColumn | None = None
    fold: np.ndarray | None = None
    n_folds: int = 0
    fold_source: str = ""
    roles: np.ndarray | None = None
    groups: np.ndarray | None = None
    held_out: HeldOut | None = None
    state: StateColumn | None = None
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[str, ...] = ()
    note: str | None = None
    benchmark: BenchmarkPart | None = None

    def __len__(self) -> int:
        """Return the number of crystals."""
        return len(self.ids)

    def parts(self, fold: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the places of training, validation and test crystals of a fold.

        The validation part is empty unless a file of folds names one.
        """
        assert self.fold is not None
        if self.roles is None:
            tested = self.fold == fold
            nothing = np.zeros(0, dtype=np.int64)
            return np.flatnonzero(~tested), nothing, np.flatnonzero(tested)
        roles = self.roles[fold]
        train, validation, test = (
            np.flatnonzero(np.isin(roles, found))
            for found in ((TRAIN,), (VALIDATION, INNER), (TEST, INNER))
        )
        return train, validation, test

    @property
    def called(self) -> str:
        """Return what scores are called by: a part of a task not by its name alone."""
        return self.name if self.benchmark is None else self.benchmark.called

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
            for name in sorted(crystal.properties):
                yield name.encode()
                yield _floats([crystal.properties[name]])
        yield b"target"
        if self.target is not None:
            yield _floats(self.target.values)
        yield b"fold"
        if self.fold is not None:
            yield _integers(self.fold)
        if self.roles is not None:
            yield b"roles"
            yield _integers(self.roles)
        yield b"state"
        if self.state is not None:
            if self.state.numbers is not None:
                yield _floats(self.state.numbers)
            if self.state.codes is not None:
                yield "\0".join(self.state.labels).encode()
                yield _integers(self.state.codes)


def with_columns(
    crystal_set: CrystalSet, sites: frozenset[str], own: frozenset[str]
) -> CrystalSet:
    """Return the set with no other columns than these: what one spec reads of it.

    Args:
        crystal_set: is left as it is; returned where it has no other.
        sites: of the sites.
        own: of the crystals as a whole.
    """
    first = crystal_set.crystals[0]
    if first.columns.keys() <= sites and first.properties.keys() <= own:
        return crystal_set
    crystals = (
        replace(
            crystal,
            columns={name: crystal.columns[name] for name in sites},
            properties={name: crystal.properties[name] for name in own},
        )
        for crystal in crystal_set.crystals
    )
    return replace(crystal_set, crystals=tuple(crystals))


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
    left = take(crystal_set, kept)
    if left.fold is not None:
        check_folds_filled(left.name, left.fold, left.n_folds)
    return replace(left, skipped=skipped)


def take(crystal_set: CrystalSet, places: Sequence[int]) -> CrystalSet:
    """Return the crystals at some places, with their folds and codes as they were."""
    kept = list(places)
    target, fold, state = crystal_set.target, crystal_set.fold, crystal_set.state
    roles, groups = crystal_set.roles, crystal_set.groups
    benchmark = crystal_set.benchmark
    return replace(
        crystal_set,
        ids=tuple(crystal_set.ids[i] for i in kept),
        where=tuple(crystal_set.where[i] for i in kept),
        crystals=tuple(crystal_set.crystals[i] for i in kept),
        target=target and replace(target, values=_frozen(target.values[kept])),
        fold=None if fold is None else _frozen(fold[kept]),
        roles=None if roles is None else _frozen(roles[:, kept]),
        groups=None if groups is None else _frozen(groups[kept]),
        state=state and _state_of(state, kept),
        benchmark=benchmark and benchmark.take(kept),
    )


def classes_of(task: Literal["regression", "binary"], values: np.ndarray) -> np.ndarray:
    """Return the class of each target, [B], int64; all 0 where regression."""
    if task == "regression":
        return np.zeros(len(values), dtype=np.int64)
    classes: np.ndarray = values.astype(np.int64)
    return classes


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
