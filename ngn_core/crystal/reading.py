"""Crystals from files and from the objects of other libraries."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ngn_core.crystal.crystal import Crystal, Species
from ngn_core.crystal.elements import number_of
from ngn_core.crystal.shared_sites import join_shared_sites
from ngn_core.crystal.validation import check_arrays
from ngn_core.errors import StructureError

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

_LINES = 4

_CELL = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
_FLAT = 1e-10
_CIF = re.MULTILINE | re.IGNORECASE
_BLOCK = re.compile(r"^[ \t]*data_", _CIF)
_ATOM_SITE = re.compile(r"^\s*_atom_site_(?!aniso)\w", _CIF)
_CRYSTAL_SYSTEM = re.compile(
    r"^\s*(_symmetry_cell_setting|_space_group_crystal_system)\s", _CIF
)
_EMPTY_LOOP = re.compile(
    r"^[ \t]*loop_\s+(_\S+)(?:\s+_\S+)*(?:\s*#[^\n]*)*\s*(?=loop_|data_|\Z)", _CIF
)

SpeciesLike = str | Mapping[str, float]
"""An element symbol, or occupancies by element symbol."""


def from_arrays(
    lattice: Any,
    species: Sequence[SpeciesLike],
    frac: Any,
    columns: Mapping[str, Any] | None = None,
) -> Crystal:
    """Return a crystal from plain arrays.

    Args:
        lattice: [3, 3], rows are the cell vectors, Å.
        species: N element symbols, or occupancies {symbol: weight} where disordered.
        frac: [N, 3], fractional coordinates.
        columns: site columns, each [N, ...].

    Partly occupied sites at one place become one, see `join_shared_sites`.

    Raises:
        StructureError: where shapes, symbols, occupancies or numbers are wrong.
    """
    sites = tuple(_species(site) for site in species)
    try:
        crystal = Crystal(
            np.array(lattice, dtype=np.float64),
            np.array(frac, dtype=np.float64),
            sites,
            {name: np.asarray(column) for name, column in (columns or {}).items()},
        )
    except (TypeError, ValueError) as error:
        raise StructureError(
            f"lattice or frac is no array of numbers: {error}"
        ) from error
    check_arrays(crystal)
    return join_shared_sites(crystal)


def from_pymatgen(structure: Structure) -> Crystal:
    """Return the crystal of a pymatgen structure, with its numeric site properties.

    Where every species has one, the column `oxidation_state` holds the oxidation state
    of each site, the weighted mean where species share it.

    Raises:
        StructureError: where a species is no element (a dummy species).
    """
    species = []
    for index, site in enumerate(structure):
        weights: dict[str, float] = {}
        for specie, weight in site.species.items():
            symbol = _element_symbol(specie, index, site.label)
            weights[symbol] = weights.get(symbol, 0.0) + float(weight)
        species.append(weights)
    return from_arrays(
        structure.lattice.matrix,
        species,
        structure.frac_coords,
        pymatgen_columns(structure),
    )


def pymatgen_columns(structure: Structure) -> dict[str, np.ndarray]:
    """Return the columns of a pymatgen structure, see `from_pymatgen`."""
    charges = [_charge(site) for site in structure]
    found = {
        "oxidation_state": _numbers(charges),
        **{name: _numbers(rows) for name, rows in structure.site_properties.items()},
    }
    return {name: rows for name, rows in found.items() if rows is not None}


def read_cif(text: str) -> Crystal:
    """Return the first crystal of a CIF, in the cell that the file gives.

    Raises:
        StructureError: where it cannot be read.
    """
    if not text.strip():
        raise StructureError("the CIF is empty")
    from pymatgen.io.cif import CifParser

    def parse() -> Structure:
        parser = CifParser.from_str(text, occupancy_tolerance=1.0)
        return parser.parse_structures(primitive=False)[0]

    return from_pymatgen(_quietly(parse, "the CIF", partial(_cif_mistake, text)))


def read_file(path: str | Path) -> Crystal:
    """Return the crystal in a file: CIF, POSCAR, or what else pymatgen reads.

    Raises:
        StructureError: where it cannot be read.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise StructureError(f"{path} cannot be opened: {error.strerror}") from error
    if not text.strip():
        raise StructureError(f"{path}: the file is empty")
    if path.suffix.lower() == ".cif":
        return read_cif(text)
    from pymatgen.core.structure import Structure
    from pymatgen.io.vasp.inputs import Poscar

    poscar = path.suffix.lower() in (".vasp", ".poscar", ".contcar")
    if poscar or path.name.upper().startswith(("POSCAR", "CONTCAR")):
        return from_pymatgen(
            _quietly(lambda: Poscar.from_str(text).structure, str(path))
        )
    return from_pymatgen(_quietly(lambda: Structure.from_file(path), str(path)))


def _species(site: SpeciesLike) -> Species:
    weights = {site: 1.0} if isinstance(site, str) else site
    try:
        pairs = [(number_of(name), float(weight)) for name, weight in weights.items()]
    except (AttributeError, TypeError, ValueError) as error:
        raise StructureError(
            f"a site holds {site!r}; expected an element's symbol, or occupancies by "
            "symbol"
        ) from error
    return tuple(sorted(pairs))


def _numbers(values: Sequence[Any]) -> np.ndarray | None:
    """Return a site property as an array, None where a site has no number."""
    try:
        column = np.asarray([np.nan if value is None else value for value in values])
    except ValueError:  # vectors beside missing ones
        return None
    numeric = column.dtype.kind in "biuf" and np.isfinite(column).all()
    return column if numeric else None


def _charge(site: Any) -> float | None:
    """Return the mean oxidation state of a site, None where a species has none."""
    total = 0.0
    for specie, weight in site.species.items():
        state = getattr(specie, "oxi_state", None)
        if state is None:
            return None
        total += float(state) * float(weight)
    return total / float(site.species.num_atoms)


def _element_symbol(specie: Any, site: int, label: str | None) -> str:
    from pymatgen.core.periodic_table import DummySpecies

    if isinstance(specie, DummySpecies):
        named = "" if label in (None, str(specie)) else f" (label {label!r})"
        raise StructureError(
            f"site {site}{named} holds {specie.symbol!r}, a dummy species; every site "
            "holds chemical elements"
        )
    name = re.match("[A-Z][a-z]?", getattr(specie, "name", str(specie)))
    assert name is not None
    return name.group()


def _quietly(
    parse: Callable[[], Any],
    what: str,
    mistake: Callable[[], str | None] = lambda: None,
) -> Any:
    """Return what a parser returns; what it raises or warns of becomes one sentence.

    Where it fails and `mistake` knows why, that is the sentence.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            return parse()
        except Exception as error:  # parsers fail with whatever their parts raise
            texts = [str(error) or type(error).__name__]
            texts += [str(warning.message) for warning in caught]
            raise StructureError(
                f"{what} cannot be read: {mistake() or _in_short(texts)}"
            ) from error


def _in_short(texts: Sequence[str]) -> str:
    """Return the first different lines of what a parser said, as one sentence."""
    lines = "\n".join(texts).replace("Issues encountered while parsing CIF: ", "")
    different = dict.fromkeys(line.strip().rstrip(".!") for line in lines.splitlines())
    return "; ".join(line for line in list(different)[:_LINES] if line)


# what is wrong with a CIF that pymatgen cannot read -----------------------------------


def _cif_mistake(text: str) -> str | None:
    """Return why a CIF holds no crystal, None where it is none of the usual reasons."""
    empty = _EMPTY_LOOP.search(text)
    if empty is not None:
        return f"the loop of {empty[1]} has no row"
    blocks = [block for block in _BLOCK.split(text) if _ATOM_SITE.search(block)]
    if not blocks:
        return "it has no atom_site loop, so no atoms"
    return next(filter(None, map(_cell_mistake, blocks)), None)


def _cell_mistake(block: str) -> str | None:
    texts: dict[str, str] = {}
    for name in _CELL:
        found = re.search(rf"^[ \t]*_cell_{name}\s+(\S+)", block, _CIF)
        if found is not None:
            texts[name] = found[1].strip("'\"")
    missing = [f"_cell_{name}" for name in _CELL if name not in texts]
    if missing:  # a crystal system may stand in for them
        lacks = f"the cell is not given: {', '.join(missing)} missing"
        return None if _CRYSTAL_SYSTEM.search(block) else lacks
    values = {name: _cif_number(text) for name, text in texts.items()}
    unknown = [
        f"_cell_{name} is {texts[name]!r}"
        for name, value in values.items()
        if not np.isfinite(value)
    ]
    if unknown:
        return f"the cell is not given: {', '.join(unknown)}; expected numbers"
    cell = np.array(list(values.values()))
    a, b, c, *angles = (f"{value:g}" for value in cell)
    shape = f"a={a}, b={b}, c={c} Å, angles {', '.join(angles)}°"
    cosines = np.cos(np.radians(cell[3:]))
    squared = 1.0 - (cosines**2).sum() + 2.0 * cosines.prod()
    if (cell[:3] == 0.0).any() or abs(squared) < _FLAT:
        return f"the cell has zero volume: {shape}"
    return f"no cell has these angles: {shape}" if squared < 0.0 else None


def _cif_number(text: str) -> float:
    """Return a number without its uncertainty, `nan` where it is none."""
    try:
        return float(re.sub(r"\(.*", "", text))
    except ValueError:
        return float("nan")
