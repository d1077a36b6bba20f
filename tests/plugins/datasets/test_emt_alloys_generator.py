from __future__ import annotations

import gzip
import json
import math
import random
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
import spglib
from scipy.spatial import ConvexHull

from ngn_plugins.datasets.emt_alloys import generator

DATA = Path(generator.__file__).parent / "data.jsonl.gz"
N_ROWS = 1047


def sampled_indices() -> list[int]:
    """Twenty seeded rows, spread evenly over the prototypes in sorted order."""
    planned = generator.planned_crystals()
    order = sorted(range(len(planned)), key=lambda k: (planned[k].prototype, k))
    strata = np.array_split(order, 20)
    rng = random.Random(7)
    return [int(rng.choice(list(stratum))) for stratum in strata]


def hull_energy(
    elements: list[str], rows: list[generator.AlloyRow], target: tuple
) -> float:
    """Lower convex hull at a composition, from the facets that face down."""
    inside = [row for row in rows if set(row["species"]) <= set(elements)]
    if len(elements) == 1:
        return min(row["formation_energy"] for row in inside)
    points = [
        [row["species"].count(e) / len(row["species"]) for e in elements[1:]]
        + [row["formation_energy"]]
        for row in inside
    ]
    facets = ConvexHull(points).equations
    facets = facets[facets[:, -2] < -1e-9]
    heights = -(facets[:, :-2] @ target[1:] + facets[:, -1]) / facets[:, -2]
    return float(heights.max())


@pytest.fixture(scope="module")
def rows() -> list[generator.AlloyRow]:
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_the_file_is_small_and_its_ids_count_up(rows):
    assert DATA.stat().st_size < 1_000_000
    assert [row["id"] for row in rows] == [f"emt-{k:04d}" for k in range(1, N_ROWS + 1)]


def test_rows_have_the_declared_shape_and_finite_targets(rows):
    for row in rows:
        assert list(row) == list(generator.AlloyRow.__annotations__)
        n_sites = len(row["species"])
        assert 1 <= n_sites <= 16
        assert set(row["species"]) <= set(generator.ELEMENTS)
        assert np.shape(row["lattice"]) == (3, 3)
        assert np.linalg.det(row["lattice"]) > 0
        assert np.shape(row["frac"]) == (n_sites, 3)
        assert np.min(row["frac"]) >= 0
        assert np.max(row["frac"]) < 1
        assert math.isfinite(row["formation_energy"])
        assert row["bulk_modulus"] > 0


def test_targets_vary(rows):
    assert np.std([row["formation_energy"] for row in rows]) > 0.05
    assert np.std([row["bulk_modulus"] for row in rows]) > 20
    assert 0.15 < np.mean([row["is_stable"] for row in rows]) < 0.45


# spglib announces its next error interface on every successful call.
@pytest.mark.filterwarnings("ignore:Set OLD_ERROR_HANDLING:DeprecationWarning")
def test_the_set_has_many_space_groups(rows):
    groups = {
        spglib.get_symmetry_dataset(
            (
                row["lattice"],
                row["frac"],
                [generator.ELEMENTS.index(symbol) for symbol in row["species"]],
            ),
            symprec=1e-3,
        ).number
        for row in rows
    }
    assert len(groups) >= 25


def test_atoms_keep_a_sensible_distance(rows):
    images = np.indices((5, 5, 5)).reshape(3, -1).T - 2
    for row in rows:
        frac = np.array(row["frac"])
        delta = frac[:, None] - frac
        delta = (delta - np.rint(delta))[..., None, :] + images
        distances = np.linalg.norm(delta @ np.array(row["lattice"]), axis=-1)
        assert distances[distances > 1e-6].min() > 2.0, row["id"]


def test_no_two_rows_are_the_same_crystal(rows):
    by_formula = defaultdict(list)
    for row in rows:
        cell = np.array(row["lattice"])
        crystal = generator.AlloyCrystal(
            row["prototype"],
            cell * (np.linalg.det(cell) / len(row["species"])) ** (-1 / 3),
            np.array(row["frac"]),
            tuple(row["species"]),
        )
        own = generator.fingerprint(crystal)
        for other, name in by_formula[generator.reduced_formula(row["species"])]:
            assert np.abs(own - other).max() > 1e-3, (row["id"], name)
        by_formula[generator.reduced_formula(row["species"])].append((own, row["id"]))


def test_a_reduced_formula_stays_in_one_fold_and_folds_are_nearly_equal(rows):
    folds = defaultdict(set)
    for row in rows:
        counts = Counter(row["species"])
        divisor = math.gcd(*counts.values())
        formula = frozenset((e, n // divisor) for e, n in counts.items())
        folds[formula].add(row["fold"])
    assert all(len(own) == 1 for own in folds.values())
    sizes = Counter(row["fold"] for row in rows)
    assert sorted(sizes) == [0, 1, 2, 3, 4]
    assert max(sizes.values()) - min(sizes.values()) <= 2


def test_fcc_elements_are_the_zero_of_energy(rows):
    energies = [row["formation_energy"] for row in rows if row["prototype"] == "A1"]
    assert energies == pytest.approx([0.0] * len(generator.ELEMENTS), abs=1e-6)


def test_is_stable_means_near_the_hull_of_the_chemical_system(rows):
    for row in rows:
        elements = sorted(set(row["species"]))
        target = [row["species"].count(e) / len(row["species"]) for e in elements]
        above = row["formation_energy"] - hull_energy(elements, rows, target)
        assert above > -1e-6
        assert row["is_stable"] == (above <= 0.025), row["id"]


def test_every_row_is_the_planned_crystal(rows):
    planned = generator.planned_crystals()
    assert len(planned) == len(rows)
    for row, crystal in zip(rows, planned, strict=True):
        assert row["prototype"] == crystal.prototype
        assert tuple(row["species"]) == crystal.species
        np.testing.assert_allclose(row["frac"], crystal.frac, rtol=0, atol=1e-6)


def test_sampled_rows_are_made_again(rows):
    for index in sampled_indices():
        made, shipped = generator.relaxed_row(index), rows[index]
        assert made["id"] == shipped["id"]
        np.testing.assert_allclose(
            made["lattice"], shipped["lattice"], rtol=0, atol=1e-4
        )
        assert made["formation_energy"] == pytest.approx(
            shipped["formation_energy"], abs=1e-5
        )
        assert made["bulk_modulus"] == pytest.approx(shipped["bulk_modulus"], rel=1e-3)


def test_folds_are_made_again(rows):
    formulas = [generator.reduced_formula(row["species"]) for row in rows]
    assert generator.assigned_folds(formulas) == [row["fold"] for row in rows]


def test_writing_gives_the_shipped_lines_and_the_same_bytes_twice(rows, tmp_path):
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"
    generator.write_rows(rows, first)
    generator.write_rows(rows, second)
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == gzip.decompress(DATA.read_bytes())


def test_a_fingerprint_ignores_cell_origin_and_orientation():
    crystal = generator.decorated(generator.PROTOTYPES["D0_22"], ["Al", "Ni"])
    rotation, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    doubled = np.concatenate([crystal.frac, crystal.frac + [0, 0, 1]]) * [1, 1, 0.5]
    other = generator.AlloyCrystal(
        "D0_22",
        crystal.cell * [[1], [1], [2]] @ rotation,
        (doubled + [0.1, 0.2, 0.3]) % 1,
        crystal.species * 2,
    )
    np.testing.assert_allclose(
        generator.fingerprint(crystal), generator.fingerprint(other), atol=1e-6
    )


def test_a_fingerprint_tells_orderings_and_stackings_apart():
    def difference(first: str, second: str, elements: list[str]) -> float:
        prints = [
            generator.fingerprint(
                generator.decorated(generator.PROTOTYPES[name], elements)
            )
            for name in (first, second)
        ]
        return np.abs(prints[0] - prints[1]).max()

    assert difference("L1_2", "D0_22", ["Al", "Ni"]) > generator.SAME_WITHIN
    assert difference("D0_19", "D0_24", ["Al", "Ni"]) > generator.SAME_WITHIN
    assert difference("A3", "A3'", ["Cu"]) > generator.SAME_WITHIN


def test_energy_above_the_hull_is_measured_from_the_best_mixture():
    species = [["Cu"], ["Au"], ["Cu", "Au"], ["Cu", "Cu", "Cu", "Au"], ["Ag"]]
    above = generator.energies_above_hull(species, [0.0, 0.0, -0.1, -0.02, 0.0])
    assert above == pytest.approx([0, 0, 0, 0.03, 0], abs=1e-9)
