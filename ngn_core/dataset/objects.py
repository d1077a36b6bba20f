"""Tables from pymatgen and ASE objects in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ngn_core.crystal.crystal import Crystal
from ngn_core.dataset.dataset import DatasetTable, Row, Target
from ngn_core.dataset.site_columns import site_columns
from ngn_core.errors import DatasetError, StructureError


def table_from_objects(
    name: str,
    structures: Sequence[Any],
    columns: Mapping[str, Sequence[Any]],
    ids: Sequence[str] | None = None,
    targets: Mapping[str, Target] | None = None,
) -> DatasetTable:
    """Return a table of crystals that Python code already holds.

    Args:
        name: short name, printed over every table.
        structures: pymatgen Structures, ASE Atoms or Crystals, mixed as you like.
        columns: values by column, one a structure.
        ids: one a structure; `0`, `1`, ... where nothing is said.
        targets: units, tasks and fold columns of what is predicted; other columns of
            numbers can be predicted as well.

    Raises:
        DatasetError: where a column, the ids or the targets do not fit.
    """
    count = len(structures)
    names = [str(index) for index in range(count)] if ids is None else list(ids)
    for column, values in {"ids": names, **columns}.items():
        if len(values) != count:
            raise DatasetError(
                f"{name}: {column} has {len(values)} values; expected {count}, one a "
                "structure"
            )
    targets = targets or {}
    for target, declared in targets.items():
        for needed in (declared.column or target, declared.folds):
            if needed is not None and needed not in columns:
                raise DatasetError(
                    f"{name}: target {target!r} needs the column {needed!r}; found "
                    f"{', '.join(columns) or 'none'}"
                )
    rows = [
        Row(
            id=str(names[index]),
            where=f"{name}[{index}]",
            crystal=partial(_crystal, structure),
            columns={column: values[index] for column, values in columns.items()},
        )
        for index, structure in enumerate(structures)
    ]
    shapes: dict[str, tuple[int, ...]] = {}
    for structure in structures:
        shapes |= _shapes(structure)
    return DatasetTable(name, rows, dict(targets), sites=site_columns(shapes))


def _is_of(package: str, structure: Any) -> bool:
    modules = (base.__module__ for base in type(structure).__mro__)
    return any(module.partition(".")[0] == package for module in modules)


def _shapes(structure: Any) -> dict[str, tuple[int, ...]]:
    """Return the shape of what a site has, by column."""
    from ngn_core.crystal.ase_atoms import ase_columns
    from ngn_core.crystal.reading import pymatgen_columns

    if isinstance(structure, Crystal):
        columns = structure.columns
    elif _is_of("ase", structure):
        columns = ase_columns(structure)
    elif _is_of("pymatgen", structure) and len(structure):
        columns = pymatgen_columns(structure)
    else:
        columns = {}
    return {name: np.shape(values)[1:] for name, values in columns.items()}


def _crystal(structure: Any) -> Crystal:
    from ngn_core.crystal.ase_atoms import from_ase
    from ngn_core.crystal.reading import from_pymatgen

    if isinstance(structure, Crystal):
        return structure
    if _is_of("pymatgen", structure):
        return from_pymatgen(structure)
    if _is_of("ase", structure):
        return from_ase(structure)
    raise StructureError(
        f"found {type(structure).__name__}; expected a pymatgen Structure, ASE Atoms "
        "or a Crystal"
    )
