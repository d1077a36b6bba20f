import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull, HalfspaceIntersection

from ngn_core.crystal.reading import from_arrays
from ngn_core.errors import StructureError
from ngn_plugins.graphs import Voronoi

RAW = Voronoi(Voronoi.Options())


def cell_by_planes(crystal, receiver, near):
    """Vertices of a Voronoi cell around its atom, the common part of half spaces."""
    planes = []
    for s, r, n, length in near:
        if r == receiver:
            apart = crystal.frac[s] + n - crystal.frac[r]
            vector = apart @ crystal.lattice
            planes.append([*(vector / length), -length / 2])
    return HalfspaceIntersection(np.array(planes), np.zeros(3)).intersections


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_facets_are_those_of_the_half_spaces(
    random_crystal, straightforward, rows, seed, atoms
):
    crystal = random_crystal(seed, atoms)
    edges = RAW.edges(crystal)
    area = edges.columns["area"]
    vectors = crystal.vectors(edges.sender, edges.receiver, edges.cell_shift)
    lengths = np.linalg.norm(vectors, axis=1)
    near = straightforward(crystal, 1.01 * lengths.max())
    wanted = {}
    for atom in range(atoms):
        vertices = cell_by_planes(crystal, atom, near)
        for s, r, n, length in near:
            if r != atom:
                continue
            normal = (crystal.frac[s] + n - crystal.frac[r]) @ crystal.lattice / length
            facet = vertices[np.abs(vertices @ normal - length / 2) < 1e-8]
            if len(facet) < 3:
                continue
            # in the plane of the facet a hull's "volume" is its area
            plane = np.linalg.svd(normal[None])[2][1:]
            flat = facet @ plane.T
            if np.linalg.matrix_rank(flat - flat[0], tol=1e-7) == 2:
                wanted[s, r, n] = ConvexHull(flat).volume
    found = dict(zip(rows(edges), area, strict=True))
    for key in wanted.keys() | found.keys():
        assert found.get(key, 0) == pytest.approx(wanted.get(key, 0), abs=2e-6)

    # pyramids over the facets fill the cell of each atom, and these fill space
    pyramids = np.bincount(edges.receiver, area * lengths / 6, minlength=atoms)
    hulls = [
        ConvexHull(cell_by_planes(crystal, atom, near)).volume for atom in range(atoms)
    ]
    np.testing.assert_allclose(pyramids, hulls, rtol=1e-5)
    assert pyramids.sum() == pytest.approx(crystal.volume, rel=1e-5)
    # a facet is shared: each edge has its reverse with the same area
    for (s, r, n), size in found.items():
        back = found.get((r, s, tuple(-x for x in n)), 0)
        assert back == pytest.approx(size, abs=2e-6)


@pytest.mark.parametrize(
    "lattice",
    [
        np.diag([2.5, 2.5, 40.0]),
        np.diag([40.0, 40.0, 2.5]),
        [[3.0, 0, 0], [29.0, 3.0, 0], [-17.0, 31.0, 3.0]],
        -np.eye(3) * 3,
    ],
    ids=["flat", "long", "skewed", "left-handed"],
)
def test_any_cell_is_filled(lattice):
    crystal = from_arrays(lattice, ["C", "C"], [[0.05, 0, 0], [0.2, 0.5, 1.45]])
    edges = RAW.edges(crystal)
    vectors = crystal.vectors(edges.sender, edges.receiver, edges.cell_shift)
    volume = (edges.columns["area"] * np.linalg.norm(vectors, axis=1)).sum() / 6
    assert volume == pytest.approx(crystal.volume, rel=1e-6)


@pytest.mark.parametrize("height", [0.0, 1e-7, 1e-4, 0.3])
@pytest.mark.parametrize("vacuum", [12.0, 60.0])
def test_cells_beside_vacuum_end_however_flat_the_slab_is(vacuum, height):
    # vertices above an almost flat layer lie at almost any distance from it
    rng = np.random.default_rng(1)
    points = rng.uniform(0, 1, size=(6, 3)) * [9, 8, height]
    lattice = np.diag([9.0, 8.0, vacuum])
    crystal = from_arrays(lattice, ["C"] * 6, points @ np.linalg.inv(lattice))
    edges = RAW.edges(crystal)
    vectors = crystal.vectors(edges.sender, edges.receiver, edges.cell_shift)
    lengths = np.linalg.norm(vectors, axis=1)
    volume = (edges.columns["area"] * lengths).sum() / 6
    assert volume == pytest.approx(crystal.volume, rel=1e-6)
    assert lengths.max() > vacuum / 2  # the other side of the vacuum is a neighbor


def test_a_molecule_in_a_box_fills_it():
    points = np.array([[0.0, 0, 0], [0.76, 0.59, 0], [-0.76, 0.59, 0]]) + 9.0
    crystal = from_arrays(np.eye(3) * 25, ["O", "H", "H"], points / 25)
    edges = RAW.edges(crystal)
    vectors = crystal.vectors(edges.sender, edges.receiver, edges.cell_shift)
    volume = (edges.columns["area"] * np.linalg.norm(vectors, axis=1)).sum() / 6
    assert volume == pytest.approx(crystal.volume, rel=1e-6)


def test_small_facets_and_long_edges_are_left_out():
    fcc = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]) * 1.8
    sphalerite = from_arrays(fcc, ["Zn", "S"], [[0, 0, 0], [0.25, 0.25, 0.25]])
    assert len(RAW.edges(sphalerite).sender) == 2 * 16
    areas = RAW.edges(sphalerite).columns["area"]
    few = Voronoi(Voronoi.Options(min_area=float(areas.mean()))).edges(sphalerite)
    short = Voronoi(Voronoi.Options(max_length=2.0)).edges(sphalerite)
    assert len(few.sender) == len(short.sender) == 2 * 4
    with pytest.raises(
        StructureError, match=r"atom 0 \(Zn\) has no neighbor.*1.0 Å: use"
    ):
        Voronoi(Voronoi.Options(max_length=1.0)).edges(sphalerite)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_an_atom_sees_its_facets_all_around(random_crystal, seed, atoms):
    """Solid angles of the whole cell sum to that of the sphere."""
    edges = RAW.edges(random_crystal(seed, atoms))
    angle = edges.columns["solid_angle"]
    around = np.bincount(edges.receiver, angle, minlength=atoms)
    np.testing.assert_allclose(around, 4 * np.pi, rtol=1e-5)


def test_the_solid_angle_of_known_cells():
    """A cube has 6 equal faces; a rhombic dodecahedron (fcc) 12."""
    for lattice, count in (
        (np.eye(3) * 3.0, 6),
        (np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]) * 2.0, 12),
    ):
        crystal = from_arrays(lattice, ["Cu"], [[0, 0, 0]])
        edges = Voronoi(Voronoi.Options(min_area=1e-3)).edges(crystal)
        found = edges.columns["solid_angle"]
        np.testing.assert_allclose(found, np.full(count, 4 * np.pi / count))
