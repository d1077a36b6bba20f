"""JSON lines: one crystal a line with its columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import ngn_core.api as ngn
from ngn_plugins.datasets.json_sites import json_sites, site_list
from ngn_plugins.datasets.numeric_columns import folds_by_column, numeric_targets
from ngn_plugins.datasets.source import name_of, path_of
from ngn_plugins.datasets.text_file import text_file

_STRUCTURE_KEYS = ("structure", "cif", "lattice", "species", "frac")
_FILES = ("data.jsonl", "data.jsonl.gz")


class JSONLines(ngn.Dataset):
    """Rows `{id, structure | cif | lattice, species, frac, target..., fold}`.

    Beside `species`, a list with a number (or as many numbers) for each site is a
    column of the sites, as are the numeric site properties of a `structure`.
    """

    name: ClassVar[str] = "jsonl"
    description: ClassVar[str] = (
        "a folder with data.jsonl or data.jsonl.gz, or such a file: a JSON object a "
        "line with id; structure (pymatgen's dict), cif (text) or lattice, species, "
        "frac; columns; fold or fold_<target>"
    )

    @classmethod
    def opens(cls, source: str) -> bool:  # noqa: D102
        path = path_of(source)
        if path is None:
            return False
        return is_jsonl_folder(path) or (
            not path.is_dir() and path.name.endswith((".jsonl", ".jsonl.gz"))
        )

    def load(self, source: str) -> ngn.DatasetTable:  # noqa: D102
        file = _file(Path(source).expanduser())
        name = name_of(file.parent if file.name in _FILES else file)
        with text_file(file) as lines:
            records = read_records(lines, str(file))
        rows = [row_of(record, where) for where, record in records]
        sites = json_sites(record for _, record in records)
        targets = numeric_targets(rows)
        folds = folds_by_column(rows)
        return ngn.DatasetTable(name, rows, targets, sites=sites, folds=folds)

    def stream(self, source: str) -> Iterator[ngn.Row]:  # noqa: D102
        file = _file(Path(source).expanduser())
        with text_file(file) as lines:
            for where, line in _lines(lines, str(file)):
                yield _row_or_reason(line, where)


def is_jsonl_folder(path: Path) -> bool:
    """Return whether `path` is a folder of this format."""
    return any((path / name).is_file() for name in _FILES)


def read_records(lines: Iterable[str], where: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the objects of a text in JSON lines, each with its place.

    Args:
        lines: the text; empty lines are passed over.
        where: its name in messages.

    Raises:
        DatasetError: at the first line that is no JSON object with an id; where there
            is no line.
    """
    records = [(place, _record(line, place)) for place, line in _lines(lines, where)]
    if not records:
        raise ngn.DatasetError(f"{where}: holds no rows; expected a JSON object a line")
    return records


def _lines(lines: Iterable[str], where: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that are not empty, each with its place."""
    for number, line in enumerate(lines, start=1):
        if not line.isspace():
            yield f"{where}:{number}", line


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = [path / name for name in _FILES if (path / name).is_file()]
    if len(found) > 1:
        raise ngn.DatasetError(
            f"{path}: holds both {' and '.join(_FILES)}; name the one that you mean"
        )
    return found[0]


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ngn.DatasetError(f"{where}: is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise ngn.DatasetError(
            f"{where}: found a JSON {type(record).__name__}; expected an object"
        )
    name = record.get("id")
    if isinstance(name, bool) or not isinstance(name, (str, int)):
        raise ngn.DatasetError(
            f"{where}: found id {name!r}; every row needs an `id`, a text or an integer"
        )
    return record


def _row_or_reason(line: str, where: str) -> ngn.Row:
    """Return the row of a line; of one that is no row, its crystal says why."""
    try:
        return row_of(_record(line, where), where)
    except ngn.DatasetError as error:
        reason = str(error).removeprefix(f"{where}: ")
        return ngn.Row(where, where, partial(_refuse, reason), {})


def _refuse(reason: str) -> ngn.Crystal:
    raise ngn.StructureError(reason)


def row_of(record: Mapping[str, Any], where: str) -> ngn.Row:
    """Return the row of an object, its crystal not yet read."""
    columns = {
        name: value
        for name, value in record.items()
        if name != "id" and name not in _STRUCTURE_KEYS
    }
    return ngn.Row(str(record["id"]), where, partial(_crystal, record), columns)


def _crystal(record: Mapping[str, Any]) -> ngn.Crystal:
    if record.get("structure") is not None:
        return _from_pymatgen_dict(record["structure"])
    if record.get("cif") is not None:
        return ngn.read_cif(str(record["cif"]))
    missing = [k for k in ("lattice", "species", "frac") if record.get(k) is None]
    if len(missing) == 3:
        raise ngn.StructureError(
            "the row holds no crystal; expected `structure`, `cif`, or `lattice`, "
            "`species` and `frac`"
        )
    if missing:
        raise ngn.StructureError(
            f"{' and '.join(f'`{key}`' for key in missing)} missing or null; a crystal "
            "needs `lattice`, `species` and `frac`"
        )
    _check_species(record["species"])
    lists = {
        name: site_list(values, len(record["species"]))
        for name, values in record.items()
        if name not in _STRUCTURE_KEYS
    }
    columns = {name: values for name, values in lists.items() if values is not None}
    return ngn.from_arrays(
        record["lattice"], record["species"], record["frac"], columns
    )


def _check_species(species: Any) -> None:
    sites = species if isinstance(species, list) else [species]
    for place, site in enumerate(sites):
        if isinstance(site, dict):
            right = all(type(weight) in (int, float) for weight in site.values())
        else:
            right = isinstance(site, str)
        if not right or not isinstance(species, list):
            raise ngn.StructureError(
                f"site {place} has the species {site!r}; expected a list with a symbol "
                'or occupancies like {"Na": 0.5, "K": 0.5} for each site'
            )


def _from_pymatgen_dict(record: Any) -> ngn.Crystal:
    from pymatgen.core.structure import Structure

    try:
        structure = Structure.from_dict(record)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ngn.StructureError(
            f"`structure` is not pymatgen's dict of a Structure: "
            f"{type(error).__name__}: {error}"
        ) from error
    return ngn.from_pymatgen(structure)
