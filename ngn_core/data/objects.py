"""Tables from pymatgen and ASE objects in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ngn_core.crystal.crystal import Crystal
from ngn_core.errors import DatasetError, StructureError
from ngn_core.plugin.interfaces.dataset import Row, Table, Target


def table_from_objects(
    name: str,
    structures: Sequence[Any],
    columns: Mapping[str, Sequence[Any]],
    ids: Sequence[str] | None = None,
    targets: Mapping[str, Target] | None = None,
) -> Table:
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
        for needed in (target, declared.folds):
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
    return Table(name, rows, dict(targets))


def _crystal(structure: Any) -> Crystal:
    from ngn_core.crystal.reading import from_ase, from_pymatgen

    if isinstance(structure, Crystal):
        return structure
    packages = {base.__module__.partition(".")[0] for base in type(structure).__mro__}
    if "pymatgen" in packages:
        return from_pymatgen(structure)
    if "ase" in packages:
        return from_ase(structure)
    raise StructureError(
        f"found {type(structure).__name__}; expected a pymatgen Structure, ASE Atoms "
        "or a Crystal"
    )
