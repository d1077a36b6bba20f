"""Generate the embedded `emt_alloys` dataset: ordered alloys scored by ASE's EMT.

This is model data for trying things out. Effective medium theory is a cheap
empirical potential, and the atoms stay at their prototype's positions, so the
numbers are no substitute for first-principles or measured values.

The crystals are planned first (`planned_crystals`, cheap and seeded), then each is
relaxed on its own (`relaxed_row`), so any part of the file can be made again. Two
columns need the whole set: `is_stable`, which is 1 where the formation energy lies
within `STABLE_WITHIN` eV/atom of the convex hull of the row's chemical system, built
from this dataset's own rows, and `fold`, which keeps a reduced formula together.

Run as `python -m ngn_plugins.datasets.emt_alloys.generator OUT.jsonl.gz`.
"""

# mypy: disable-error-code="no-untyped-call"
# ASE ships with a type marker, but most of its functions have no annotations.

import argparse
import gzip
import itertools
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypedDict

import numpy as np
from ase import Atoms
from ase.calculators.emt import EMT
from ase.eos import EquationOfState
from ase.units import GPa
from numpy.typing import NDArray
from scipy.optimize import linprog, minimize_scalar

SEED = 20240607
# Lattice parameters in Angstrom from which the volume search starts.
FCC_LATTICE = {
    "Al": 4.05,
    "Ni": 3.52,
    "Cu": 3.61,
    "Pd": 3.89,
    "Ag": 4.09,
    "Pt": 3.92,
    "Au": 4.08,
}
ELEMENTS = tuple(FCC_LATTICE)
SAME_WITHIN = 0.02  # largest fingerprint difference of two equal crystals
STABLE_WITHIN = 0.025  # eV/atom above the hull, about k_B T at room temperature
N_FOLDS = 5
N_RANDOM, N_STRAINED, N_VACANCY = 190, 140, 70

Array = NDArray[np.float64]
Vectors = Sequence[Sequence[float]]


class AlloyRow(TypedDict):
    """One line of the data file (lattice in Angstrom, eV/atom, GPa)."""

    id: str
    prototype: str
    lattice: list[list[float]]
    species: list[str]
    frac: list[list[float]]
    formation_energy: float
    bulk_modulus: float
    is_stable: int
    fold: int


@dataclass(frozen=True)
class Prototype:
    """Sites of a structure type, in units of its parent's lattice parameter.

    `cell` holds three row vectors, `sites` Cartesian positions, and `labels` one
    letter per site: equal letters hold the same element. `count` is the number of
    rows wanted. `relax_axis` marks a unique axis along z whose length is relaxed.
    """

    name: str
    cell: Vectors
    sites: Vectors
    labels: str
    count: int
    relax_axis: bool = False


@dataclass(frozen=True, eq=False)
class AlloyCrystal:
    """A planned crystal at a volume of 1 per atom.

    `cell` has shape (3, 3) with lattice vectors as rows, `frac` shape (n, 3), and
    `species` n symbols.
    """

    prototype: str
    cell: Array
    frac: Array
    species: tuple[str, ...]
    relax_axis: bool = False

    def atoms(self) -> Atoms:
        """Return the crystal as a periodic `ase.Atoms`."""
        return Atoms(self.species, cell=self.cell, scaled_positions=self.frac, pbc=True)


# Cells. Cubic parents have a lattice parameter of 1, close-packed layers a
# nearest-neighbor distance of 1, with _H between layers and _D the shift A to B.
_CUBE = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
_FCC = ((0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0))
_BCC = ((-0.5, 0.5, 0.5), (0.5, -0.5, 0.5), (0.5, 0.5, -0.5))
_H = math.sqrt(2 / 3)
_X, _Y = (1.0, 0.0, 0.0), (0.5, math.sqrt(3) / 2, 0.0)
_D = (0.5, math.sqrt(3) / 6)


def _layer(z: int, shift: int = 0) -> tuple[float, float, float]:
    """Return the site of close-packed layer `z` shifted by `shift` times A to B."""
    return (shift * _D[0], shift * _D[1], z * _H)


def _layer_2x2(z: int, shift: int) -> list[tuple[float, float, float]]:
    """Return the four sites of a 2x2 close-packed layer, the ordering one first."""
    x, y, height = _layer(z, 4 * shift)
    return [
        (x + i * _X[0] + j * _Y[0], y + i * _X[1] + j * _Y[1], height)
        for i in (0, 1)
        for j in (0, 1)
    ]


_HEX2 = ((2.0, 0.0, 0.0), (1.0, math.sqrt(3), 0.0))
_CUBE_SITES = ((0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5))
_BODY_DIAGONAL = tuple((k / 4, k / 4, k / 4) for k in range(4))
_FCC_LAYERS = ((0, 0, 0), (0.5, 0, 0.5), (0, 0, 1), (0.5, 0, 1.5))
_BCC_LAYERS = ((0, 0, 0), (0.5, 0.5, 0.5), (0, 0, 1), (0.5, 0.5, 1.5))
_SQUARE = ((0.5, -0.5, 0), (0.5, 0.5, 0))
_SHIFTED = ((1, 0, 0), (0, 1, 0), (0.5, 0.5, 1))
_HCP_ROWS = (
    (0, 0, 0),
    (0.5, math.sqrt(3) / 2, 0),
    (0.5, _D[1], _H),
    (0, 4 * _D[1], _H),
)

PROTOTYPES = {
    p.name: p
    for p in (
        # one element
        Prototype("A1", _FCC, ((0, 0, 0),), "A", 7),
        Prototype("A2", _BCC, ((0, 0, 0),), "A", 7),
        Prototype("A3", (_X, _Y, _layer(2)), (_layer(0), _layer(1, 1)), "AA", 7, True),
        Prototype(
            "A3'",
            (_X, _Y, _layer(4)),
            (_layer(0), _layer(1, 1), _layer(2), _layer(3, -1)),
            "AAAA",
            7,
            True,
        ),
        Prototype(
            "9R",
            (_X, _Y, _layer(3, 1)),
            (_layer(0), _layer(1, 1), _layer(2)),
            "AAA",
            7,
            True,
        ),
        # fcc-derived
        Prototype("L1_0", (*_SQUARE, (0, 0, 1)), _FCC_LAYERS[:2], "AB", 21, True),
        Prototype(
            "L1_1", (_X, _Y, _layer(2, 2)), (_layer(0), _layer(1, 1)), "AB", 21, True
        ),
        Prototype("L1_2", _CUBE, _CUBE_SITES, "ABBB", 42),
        Prototype("L1_2-X2YZ", _CUBE, _CUBE_SITES, "ABCC", 36),
        Prototype("L1_2-WXYZ", _CUBE, _CUBE_SITES, "ABCD", 15),
        Prototype("D0_22", _SHIFTED, _CUBE_SITES, "ABBB", 42, True),
        Prototype("NbP-40", _SHIFTED, _CUBE_SITES, "ABBA", 21),
        Prototype(
            "D0_23",
            ((1, 0, 0), (0, 1, 0), (0.5, 0.5, 2)),
            (*_CUBE_SITES, *((x, y, z + 1) for x, y, z in _CUBE_SITES)),
            "ABBBABBB",
            14,
            True,
        ),
        Prototype(
            "MoPt2",
            ((0.5, -0.5, 0), (0, 0, 1), (1, 0.5, 0.5)),
            ((0, 0, 0), (0.5, 0, 0.5), (0.5, 0.5, 0)),
            "ABB",
            30,
        ),
        Prototype(
            "D1_a",
            ((1.5, 0.5, 0), (-0.5, 1.5, 0), (0.5, 1, 0.5)),
            tuple((k / 2, k / 2, 0) for k in range(5)),
            "ABBBB",
            16,
            True,
        ),
        Prototype("Z1", (*_SQUARE, (0, 0, 2)), _FCC_LAYERS, "ABBB", 20, True),
        Prototype("Z2", (*_SQUARE, (0, 0, 2)), _FCC_LAYERS, "AABB", 14, True),
        # bcc-derived
        Prototype("B2", _CUBE, _BCC_LAYERS[:2], "AB", 21),
        Prototype("B32", _FCC, _BODY_DIAGONAL, "AABB", 21),
        Prototype("D0_3", _FCC, _BODY_DIAGONAL, "ABBB", 42),
        Prototype("L2_1", _FCC, _BODY_DIAGONAL, "ACBC", 50),
        Prototype("XA", _FCC, _BODY_DIAGONAL, "AABC", 35),
        Prototype("LiMgPdSn", _FCC, _BODY_DIAGONAL, "ABCD", 25),
        Prototype(
            "C11_b",
            ((1, 0, 0), (0, 1, 0), (0.5, 0.5, 1.5)),
            _BCC_LAYERS[:3],
            "ABB",
            30,
        ),
        Prototype("B11", ((1, 0, 0), (0, 1, 0), (0, 0, 2)), _BCC_LAYERS, "AABB", 14),
        # hcp-derived
        Prototype(
            "B_h", (_X, _Y, _layer(2)), (_layer(0), _layer(1, 1)), "AB", 21, True
        ),
        Prototype("B19", (_X, (0, math.sqrt(3), 0), _layer(2)), _HCP_ROWS, "ABBA", 21),
        Prototype(
            "D0_19",
            (*_HEX2, _layer(2)),
            (*_layer_2x2(0, 0), *_layer_2x2(1, 1)),
            "ABBBABBB",
            16,
            True,
        ),
        Prototype(
            "D0_24",
            (*_HEX2, _layer(4)),
            (
                *_layer_2x2(0, 0),
                *_layer_2x2(1, 1),
                *_layer_2x2(2, 0),
                *_layer_2x2(3, -1),
            ),
            "ABBBABBBABBBABBB",
            10,
            True,
        ),
        Prototype(
            "D0_a",
            ((2, 0, 0), (0, math.sqrt(3), 0), _layer(2)),
            (*_HCP_ROWS, *((x + 1, y, z) for x, y, z in _HCP_ROWS)),
            "ABBBBBBA",
            14,
        ),
    )
}
# Supercells whose sites are filled at random: (parent, repeats, weight).
RANDOM_CELLS = (
    ("A1", (2, 1, 1), 2),
    ("A1", (3, 1, 1), 3),
    ("A1", (2, 2, 1), 5),
    ("A2", (3, 1, 1), 3),
    ("A2", (2, 2, 1), 5),
    ("A3", (2, 1, 1), 4),
    ("A1", (2, 2, 2), 3),
    ("A2", (2, 2, 2), 3),
    ("A3", (2, 2, 1), 3),
    ("L1_2", (2, 1, 1), 2),
    ("L1_2", (2, 2, 1), 2),
    ("B2", (2, 2, 2), 1),
    ("A3", (2, 2, 2), 1),
)
# Cells of 8 to 16 sites from which one atom is removed: (prototype, repeats).
VACANCY_CELLS = (
    ("A1", (2, 2, 2)),
    ("A2", (2, 2, 2)),
    ("A3", (2, 2, 1)),
    ("L1_2", (2, 1, 1)),
    ("L1_2", (2, 2, 1)),
    ("L1_0", (2, 2, 1)),
    ("B2", (2, 2, 1)),
    ("B2", (2, 2, 2)),
    ("D0_3", (2, 1, 1)),
    ("L2_1", (2, 1, 1)),
    ("D0_22", (2, 1, 1)),
    ("D0_19", (1, 1, 1)),
    ("B19", (2, 1, 1)),
)


def decorated(prototype: Prototype, elements: Sequence[str]) -> AlloyCrystal:
    """Return a prototype with its labels A, B, ... replaced by `elements`.

    Args:
        prototype: The structure type.
        elements: One symbol per distinct label, in the labels' alphabetic order.
    """
    symbol = dict(zip(sorted(set(prototype.labels)), elements, strict=True))
    cell = np.array(prototype.cell, dtype=float)
    return _normalized(
        AlloyCrystal(
            prototype=prototype.name,
            cell=cell,
            frac=np.array(prototype.sites, dtype=float) @ np.linalg.inv(cell),
            species=tuple(symbol[label] for label in prototype.labels),
            relax_axis=prototype.relax_axis,
        )
    )


def _normalized(crystal: AlloyCrystal) -> AlloyCrystal:
    """Return the crystal, right-handed, at volume 1 per atom, `frac` in [0, 1)."""
    volume = np.linalg.det(crystal.cell)
    scale = (abs(volume) / len(crystal.species)) ** (-1 / 3)
    frac = np.round(crystal.frac % 1, 12) % 1
    return replace(crystal, cell=np.sign(volume) * scale * crystal.cell, frac=frac)


def _repeated(crystal: AlloyCrystal, repeats: tuple[int, int, int]) -> AlloyCrystal:
    """Return a supercell at the parent's shape."""
    atoms = crystal.atoms().repeat(repeats)
    return replace(
        crystal,
        cell=np.array(atoms.cell),
        frac=atoms.get_scaled_positions(),
        species=tuple(atoms.symbols),
        relax_axis=False,
    )


def _ordered(prototype: Prototype, rng: random.Random) -> Iterator[AlloyCrystal]:
    """Yield every decoration of a prototype in a random order."""
    choices = list(itertools.permutations(ELEMENTS, len(set(prototype.labels))))
    rng.shuffle(choices)
    return (decorated(prototype, elements) for elements in choices)


def _random_orderings(rng: random.Random) -> Iterator[AlloyCrystal]:
    """Yield supercells of fcc, bcc and hcp filled at random with 2 to 5 elements."""
    weights = [weight for _, _, weight in RANDOM_CELLS]
    while True:
        name, repeats, _ = rng.choices(RANDOM_CELLS, weights)[0]
        prototype = PROTOTYPES[name]
        parent = decorated(prototype, ELEMENTS[: len(set(prototype.labels))])
        crystal = _repeated(parent, repeats)
        n_sites = len(crystal.species)
        palette = rng.sample(ELEMENTS, rng.randint(2, min(5, n_sites)))
        species = palette + rng.choices(palette, k=n_sites - len(palette))
        rng.shuffle(species)
        label = f"random-{name}-{'x'.join(map(str, repeats))}"
        yield replace(crystal, prototype=label, species=tuple(species))


def _strained(
    parents: Sequence[AlloyCrystal], rng: random.Random
) -> Iterator[AlloyCrystal]:
    """Yield parents under a tetragonal, orthorhombic, sheared or general strain."""
    kinds = (
        ((2, 2),),
        ((0, 0), (1, 1), (2, 2)),
        ((0, 1),),
        ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)),
    )
    while True:
        parent = rng.choice(parents)
        strain = np.zeros((3, 3))
        for i, j in rng.choice(kinds):
            strain[i, j] = strain[j, i] = rng.choice((-1, 1)) * rng.uniform(0.01, 0.04)
        yield _normalized(
            replace(
                parent,
                prototype=f"{parent.prototype}+strain",
                cell=parent.cell @ (np.eye(3) + strain),
                relax_axis=False,
            )
        )


def _with_vacancy(rng: random.Random) -> Iterator[AlloyCrystal]:
    """Yield ordered supercells of 8 to 16 sites with one atom removed."""
    while True:
        name, repeats = rng.choice(VACANCY_CELLS)
        prototype = PROTOTYPES[name]
        elements = rng.sample(ELEMENTS, len(set(prototype.labels)))
        crystal = _repeated(decorated(prototype, elements), repeats)
        removed = rng.randrange(len(crystal.species))
        yield _normalized(
            replace(
                crystal,
                prototype=f"{name}+vacancy",
                frac=np.delete(crystal.frac, removed, axis=0),
                species=crystal.species[:removed] + crystal.species[removed + 1 :],
            )
        )


def fingerprint(crystal: AlloyCrystal) -> Array:
    """Return smoothed partial pair distributions, the same for equal crystals.

    Shape (7, 7, 12), per atom and at unit volume per atom, so that the choice of
    cell, origin, orientation and scale does not matter.
    """
    centers, width, cutoff = np.linspace(0.9, 2.2, 12), 0.15, 2.8
    delta = crystal.frac[:, None] - crystal.frac
    delta -= np.rint(delta)
    planes_per_length = np.linalg.norm(np.linalg.inv(crystal.cell), axis=0)
    reach = np.floor(cutoff * planes_per_length + 0.5).astype(int)
    images = np.indices(2 * reach + 1).reshape(3, -1).T - reach
    distances = np.linalg.norm((delta[..., None, :] + images) @ crystal.cell, axis=-1)
    first, second, image = np.nonzero((distances > 1e-3) & (distances < cutoff))
    distance = distances[first, second, image]
    kind = np.array([ELEMENTS.index(symbol) for symbol in crystal.species])
    result = np.zeros((len(ELEMENTS), len(ELEMENTS), len(centers)))
    peaks = np.exp(-(((distance[:, None] - centers) / width) ** 2))
    np.add.at(result, (kind[first], kind[second]), peaks)
    return result / len(kind)


def reduced_formula(species: Iterable[str]) -> str:
    """Return symbols in alphabetic order with counts divided by their divisor."""
    counts = Counter(species)
    divisor = math.gcd(*counts.values())
    return "".join(f"{symbol}{counts[symbol] // divisor}" for symbol in sorted(counts))


@cache
def planned_crystals() -> tuple[AlloyCrystal, ...]:
    """Return the crystal of every row, in file order; no energy is computed."""
    rng = random.Random(SEED)
    seen: defaultdict[str, list[Array]] = defaultdict(list)

    def is_new(crystal: AlloyCrystal) -> bool:
        known, own = seen[reduced_formula(crystal.species)], fingerprint(crystal)
        if any(np.allclose(own, other, rtol=0, atol=SAME_WITHIN) for other in known):
            return False
        known.append(own)
        return True

    def distinct(candidates: Iterator[AlloyCrystal], count: int) -> list[AlloyCrystal]:
        return list(itertools.islice(filter(is_new, candidates), count))

    planned = [
        crystal
        for prototype in PROTOTYPES.values()
        for crystal in distinct(_ordered(prototype, rng), prototype.count)
    ]
    small = [crystal for crystal in planned if len(crystal.species) <= 5]
    planned += distinct(_random_orderings(rng), N_RANDOM)
    planned += distinct(_strained(small, rng), N_STRAINED)
    planned += distinct(_with_vacancy(rng), N_VACANCY)
    rng.shuffle(planned)
    return tuple(planned)


class _Landscape:
    """EMT energy in eV of one crystal as a function of its cell."""

    def __init__(self, crystal: AlloyCrystal) -> None:
        self._atoms = crystal.atoms()
        self._atoms.calc = EMT()

    def energy(self, cell: Array) -> float:
        """Return the energy of the whole cell, fractional coordinates kept."""
        self._atoms.set_cell(cell, scale_atoms=True)
        return float(self._atoms.get_potential_energy())

    def at_best_volume(self, cell: Array, half_range: float) -> tuple[Array, float]:
        """Return the cell scaled to least energy and its bulk modulus in GPa.

        Seven scale factors within 1 +- `half_range` are fitted.
        """
        scales = np.linspace(1 - half_range, 1 + half_range, 7)
        volume = abs(np.linalg.det(cell))
        curve = EquationOfState(
            volume * scales**3, [self.energy(scale * cell) for scale in scales]
        )
        best, _, modulus = curve.fit(warn=False)
        return (best / volume) ** (1 / 3) * cell, modulus / GPa

    def at_best_axis(self, cell: Array) -> Array:
        """Return the cell with z stretched to least energy at constant volume."""

        def stretched(log_ratio: float) -> Array:
            in_plane = math.exp(-log_ratio / 3)
            return cell * [in_plane, in_plane, math.exp(2 * log_ratio / 3)]

        best = minimize_scalar(
            lambda log_ratio: self.energy(stretched(log_ratio)),
            bounds=(-0.2, 0.2),
            method="bounded",
            options={"xatol": 1e-6},
        )
        return stretched(best.x)


def _relaxed(crystal: AlloyCrystal) -> tuple[Array, float, float]:
    """Return the rounded cell in Angstrom, its energy (eV) and modulus (GPa)."""
    landscape = _Landscape(crystal)
    guess = np.mean([FCC_LATTICE[symbol] ** 3 / 4 for symbol in crystal.species])
    cell, _ = landscape.at_best_volume(crystal.cell * guess ** (1 / 3), 0.04)
    for _ in range(2 if crystal.relax_axis else 0):
        cell, _ = landscape.at_best_volume(landscape.at_best_axis(cell), 0.01)
    # EMT's smooth cutoff puts ripples on the curve, so the last fits are narrow.
    for half_range in (0.02, 0.01, 0.005, 0.005):
        cell, modulus = landscape.at_best_volume(cell, half_range)
    cell = _rounded(cell, 6)
    return cell, landscape.energy(cell), modulus


def _rounded(values: Array, decimals: int) -> Array:
    """Return rounded values without negative zeros."""
    return np.round(values, decimals) + 0.0


@cache
def element_energy(symbol: str) -> float:
    """Return the EMT energy in eV/atom of the relaxed fcc element."""
    return _relaxed(decorated(PROTOTYPES["A1"], [symbol]))[1]


def relaxed_row(index: int) -> AlloyRow:
    """Relax one planned crystal and return its row.

    `is_stable` and `fold` are 0 until `generated_rows` has seen the whole set.

    Args:
        index: Position in `planned_crystals`, from 0.
    """
    crystal = planned_crystals()[index]
    n_sites = len(crystal.species)
    # Stored coordinates are the ones evaluated, so a row reproduces its energy.
    crystal = replace(crystal, frac=_rounded(crystal.frac, 6))
    cell, energy, modulus = _relaxed(crystal)
    formation = (energy - sum(map(element_energy, crystal.species))) / n_sites
    return AlloyRow(
        id=f"emt-{index + 1:04d}",
        prototype=crystal.prototype,
        lattice=cell.tolist(),
        species=list(crystal.species),
        frac=crystal.frac.tolist(),
        formation_energy=round(formation, 6) + 0.0,
        bulk_modulus=round(modulus, 3),
        is_stable=0,
        fold=0,
    )


def energies_above_hull(
    species: Sequence[Sequence[str]], formation_energies: Sequence[float]
) -> Array:
    """Return each row's energy above its chemical system's hull, in eV/atom.

    The hull at a composition is the least mean energy of any mixture of rows with
    that composition, found by linear programming.

    Args:
        species: One list of symbols per row.
        formation_energies: One value per row, in eV/atom.

    Returns:
        Shape (n,), each at least 0 up to solver precision.
    """
    energies = np.asarray(formation_energies)
    fractions = np.array(
        [[row.count(e) / len(row) for e in ELEMENTS] for row in species]
    )
    above = np.empty(len(energies))
    for k, target in enumerate(fractions):
        inside = (fractions[:, target == 0] == 0).all(axis=1)
        mixture = linprog(
            energies[inside], A_eq=fractions[inside].T, b_eq=target, method="highs"
        )
        above[k] = energies[k] - mixture.fun
    return above


def assigned_folds(formulas: Sequence[str]) -> list[int]:
    """Return a seeded fold per row: one fold per formula, nearly equal sizes."""
    groups = sorted(Counter(formulas).items())
    random.Random(SEED).shuffle(groups)
    groups.sort(key=lambda group: -group[1])
    sizes, fold_of = [0] * N_FOLDS, {}
    for formula, size in groups:
        fold_of[formula] = sizes.index(min(sizes))
        sizes[fold_of[formula]] += size
    return [fold_of[formula] for formula in formulas]


def generated_rows() -> list[AlloyRow]:
    """Relax every planned crystal and return the rows of the data file."""
    rows = [relaxed_row(index) for index in range(len(planned_crystals()))]
    above = energies_above_hull(
        [row["species"] for row in rows], [row["formation_energy"] for row in rows]
    )
    folds = assigned_folds([reduced_formula(row["species"]) for row in rows])
    for row, energy, fold in zip(rows, above, folds, strict=True):
        # Compared at the file's precision, so that solver noise cannot decide.
        row["is_stable"] = int(round(energy, 6) <= STABLE_WITHIN)
        row["fold"] = fold
    return rows


def write_rows(rows: Iterable[AlloyRow], path: Path) -> None:
    """Write rows as gzip JSON lines whose bytes depend only on the rows."""
    text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    """Generate the dataset into the path given on the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path, help="file to write, OUT.jsonl.gz")
    write_rows(generated_rows(), parser.parse_args().out)


if __name__ == "__main__":
    main()
