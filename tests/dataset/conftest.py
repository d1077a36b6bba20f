"""Small tables whose crystals are made, not read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.dataset import DatasetTable, Row, Target
from ngn_core.errors import StructureError

MakeTable = Callable[..., DatasetTable]


def crystal(edge: float = 4.0, species: Sequence[Any] = (((11, 1.0),),)) -> Crystal:
    frac = np.linspace(0.0, 0.5, len(species))[:, None] * np.ones(3)
    return Crystal(np.eye(3) * edge, frac, tuple(species))


def broken() -> Crystal:
    raise StructureError("no atoms were found")


BAD = {
    "broken": broken,
    "shared": partial(crystal, species=(((11, 0.5), (19, 0.5)),)),
    "unknown": partial(crystal, species=(((119, 1.0),),)),
}


@pytest.fixture
def make_table() -> MakeTable:
    """Return a function of columns; `bad` names rows by position and mistake."""

    def make(
        columns: Mapping[str, Sequence[Any]],
        targets: Mapping[str, Target] | None = None,
        bad: Mapping[int, str] | None = None,
        ids: Sequence[str] | None = None,
    ) -> DatasetTable:
        count = len(next(iter(columns.values())))
        bad = bad or {}
        rows = [
            Row(
                id=f"c{i}" if ids is None else ids[i],
                where=f"file:{i + 1}",
                crystal=BAD[bad[i]] if i in bad else partial(crystal, 3.0 + 0.1 * i),
                columns={name: values[i] for name, values in columns.items()},
            )
            for i in range(count)
        ]
        return DatasetTable("zoo", rows, targets or {}, "a note")

    return make
