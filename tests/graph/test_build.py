import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from ngn_core.crystal.cell import choose_cell
from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.incidence import Incidence
from ngn_core.crystal.reading import from_arrays
from ngn_core.errors import StructureError
from ngn_core.graph.build import GraphBuilder
from ngn_core.spec.graph import GraphOptions
from ngn_plugins.graphs import KNN, Radius, Voronoi

COLUMNS = {
    "node": frozenset({"atomic_number"}),
    "edge": frozenset({"length"}),
    "angle": frozenset({"angle"}),
    "torsion": frozenset({"torsion"}),
}
RECEIVER, CHAIN = {"use": "receiver"}, {"use": "chain"}
KNN12 = KNN(KNN.Options(neighbors=12, tolerance=5e-3))
KNN24 = KNN(KNN.Options(neighbors=24, tolerance=1e-9))
VORONOI = Voronoi(Voronoi.Options())
SETTINGS = [
    (cell, symmetry)
    for cell in ("given", "primitive", "conventional")
    for symmetry in ("none", "asymmetric", "orbits")
]


def builder(constructor, columns=None, **options):
    if columns is None:
        levels = ("node", "edge", "angle", "torsion")[
            : 2 + len(options.get("nest", ()))
        ]
        columns = {level: COLUMNS[level] for level in levels}
    return GraphBuilder(GraphOptions(**options), constructor, columns)


def counts(graph):
    return [len(level) for level in graph.levels]


def weights(graph):
    """How often each item of each level counts for the crystal."""
    weights = [graph.levels[0].multiplicity]
    for level in graph.levels[1:]:
        weights.append(level.multiplicity * weights[-1][level.index[1]])
    return weights


def network(graph):
    """A straightforward invariant network of three levels, mean over the crystal."""
    node, edge = graph.levels[:2]
    x = node.columns["atomic_number"] / 50
    s, r = edge.index
    e = np.cos(edge.columns["length"]) + x[s] * x[r] ** 2
    level_two = graph.levels[2:3]
    level_three = graph.levels[3:4]
    for _ in range(2):
        for angle in level_two:
            a, b = angle.index
            g = np.sin(3 * angle.columns["angle"] + e[a]) + e[b] ** 2
            for torsion in level_three:
                p, q = torsion.index
                h = np.cos(2 * torsion.columns["torsion"] + g[p]) * g[q]
                g = g + np.tanh(
                    np.bincount(q, torsion.multiplicity * h, minlength=len(g)) / 20
                )
            e = e + np.tanh(
                np.bincount(b, angle.multiplicity * g, minlength=len(e)) / 20
            )
        m = np.tanh(e * x[s] + x[r])
        x = np.tanh(x + np.bincount(r, edge.multiplicity * m, minlength=len(x)) / 5)
        e = e + x[s] - x[r] ** 2
    crystal = weights(graph)
    return np.array(
        [np.average(x, weights=crystal[0]), np.average(e, weights=crystal[1])]
    )


ORBITS = {  # edges, receiver pairs, chain pairs of kNN-12 (design, section 3)
    "NaCl": (4, 24, 28),
    "Si": (2, 13, 15),
    "SrTiO3": (6, 31, 34),
    "rutile": (9, 63, 70),
    "Al2O3": (12, 146, 154),
    "quartz": (18, 198, 216),
}


@pytest.mark.parametrize("name", ORBITS)
def test_the_orbits_are_those_of_the_design(known, name):
    receiver = counts(builder(KNN12, nest=[RECEIVER])(known[name]))
    chain = counts(builder(KNN12, nest=[CHAIN])(known[name]))
    assert (*receiver[1:], chain[2]) == ORBITS[name]


PUBLISHED = {  # coGN and coNGN (cogn.md, sections 1.6 and 8), nodes, edges[, pairs]
    "NaCl": [(2, 52), (2, 12, 60), (2, 12, 60)],
    "Si": [(2, 56), (2, 32, 480), (1, 16, 240)],
    "Cu": [(1, 42), (1, 12, 132), (1, 12, 132)],
    "SrTiO3": [(5, 154), (5, 60, 708), (3, 32, 344)],
    "rutile": [(6, 156), (6, 92, 1404), (2, 28, 396)],
    "ZnO": [(4, 104), (4, 44, 440), (2, 22, 220)],
}
ASYMMETRIC = {
    "Si": (1, 28),
    "Cu": (1, 42),
    "SrTiO3": (3, 98),
    "rutile": (2, 51),
    "ZnO": (2, 52),
}
FILTERED = {  # pairs on the cell and on the asymmetric unit, as submitted
    "NaCl": (0, 0),
    "Si": (192, 0),
    "Cu": (0, 0),
    "SrTiO3": (552, 112),
    "rutile": (1212, 130),
    "ZnO": (288, 120),
}
WEIGHTS = {"SrTiO3": [1, 1, 3], "rutile": [2, 4], "ZnO": [2, 2], "Si": [8]}
LITERAL = {"closure": "literal", "symprec": 1e-4, "angle_tolerance": 5.0}
UNIT = {**LITERAL, "cell": "conventional", "symmetry": "asymmetric"}
"""The asymmetric unit of coGN and coNGN, to the letter."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_counts_of_the_published_networks(known, name):
    crystal = known[name]
    full, cells, asymmetric = PUBLISHED[name]
    cell = {**LITERAL, "symmetry": "none"}
    assert counts(builder(KNN24, **cell)(crystal)) == list(full)
    if name in ASYMMETRIC:
        graph = builder(KNN24, **UNIT)(crystal)
        assert counts(graph) == list(ASYMMETRIC[name])
        assert sorted(graph.levels[0].multiplicity) == WEIGHTS.get(name, [4])
        assert set(graph.levels[1].multiplicity) == {1}
    submitted = {"use": "receiver", "same_atoms": "drop"}
    for options, wanted, filtered in zip(
        (cell, UNIT), (cells, asymmetric), FILTERED[name], strict=True
    ):
        nodes, edges, angles = wanted
        if name == "NaCl" and options is UNIT:  # of the primitive cell, in cogn.md
            options = {**options, "cell": "primitive"}
        graph = builder(VORONOI, **options, nest=[RECEIVER])(crystal)
        assert counts(graph) == [nodes, edges, angles]
        graph = builder(VORONOI, **options, nest=[submitted])(crystal)
        assert counts(graph) == [nodes, edges, filtered]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_counts_hold_under_the_group_too(known, name):
    _, cells, asymmetric = PUBLISHED[name]
    graph = builder(VORONOI, symmetry="none", nest=[RECEIVER])(known[name])
    assert counts(graph) == list(cells)
    graph = builder(VORONOI, symmetry="asymmetric", nest=[RECEIVER])(known[name])
    assert counts(graph) == list(asymmetric)


def test_literal_edges_are_those_of_the_constructor_on_the_chosen_cell(known):
    class OneEdgeAnAtom(KNN):
        """Keeps the first edge into each atom, which no group does."""

        def edges(self, crystal):
            edges = super().edges(crystal)
            first = np.unique(edges.receiver, return_index=True)[1]
            chosen = Incidence(edges.sender, edges.receiver, edges.cell_shift)
            return type(edges)(*chosen.rows(first))

    one = OneEdgeAnAtom(KNN.Options(neighbors=4))
    for cell, atoms in (("given", 8), ("conventional", 8), ("primitive", 2)):
        literal = {"closure": "literal", "symmetry": "none", "cell": cell}
        for idealize in (True, False):
            graph = builder(one, **literal, idealize=idealize)(known["NaCl"])
            assert counts(graph) == [atoms, atoms]
        closed = builder(one, symmetry="none", cell=cell)(known["NaCl"])
        assert counts(closed) == [atoms, 6 * atoms]


def test_a_tolerance_near_symprec_is_refused(known):
    sharp = KNN(KNN.Options(neighbors=12, tolerance=4.9e-3))
    with pytest.raises(
        ValueError, match="0.0049 Å and symprec is 0.001 Å.*least 0.005 Å"
    ):
        builder(sharp)
    for options in (
        {"symprec": 9e-4},
        {"closure": "literal", "symmetry": "none"},
        {"idealize": False, "symmetry": "none"},
    ):
        builder(sharp, **options)
    builder(KNN(KNN.Options(neighbors=12, tolerance=1e-2)), symprec=2e-3)


@pytest.mark.parametrize("constructor", [KNN12, VORONOI], ids=["knn", "voronoi"])
@pytest.mark.parametrize("nest", [[RECEIVER], [CHAIN], [{"use": "sender"}]], ids=str)
@pytest.mark.parametrize("name", ORBITS)
def test_weights_add_up_to_the_full_counts(known, name, nest, constructor):
    for cell in ("given", "primitive"):
        full = counts(
            builder(constructor, nest=nest, cell=cell, symmetry="none")(known[name])
        )
        for symmetry in ("asymmetric", "orbits"):
            graph = builder(constructor, nest=nest, cell=cell, symmetry=symmetry)
            graph = graph(known[name])
            assert [weight.sum() for weight in weights(graph)] == full
            assert graph.facts["cell_atoms"] == full[0]


@pytest.mark.parametrize(
    "nest",
    [
        [],
        [RECEIVER],
        [CHAIN],
        [{"use": "chain", "way_back": "drop", "cutoff": 3.0}],
        [{"use": "sender", "cutoff": 2.9}],
        [{"use": "receiver", "cutoff": 2.9}, RECEIVER],
        [{"use": "chain", "cutoff": 2.9}, RECEIVER],
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["NaCl", "SrTiO3", "rutile", "quartz"])
def test_all_settings_give_the_same_output(known, disguised, name, nest):
    crystal = disguised(known[name], 5, [[1, 1, 0], [0, 2, 0], [0, 0, -1]])
    wanted = network(
        builder(KNN12, nest=nest, cell="primitive", symmetry="none")(crystal)
    )
    for cell, symmetry in SETTINGS:
        graph = builder(KNN12, nest=nest, cell=cell, symmetry=symmetry)(crystal)
        np.testing.assert_allclose(network(graph), wanted, atol=1e-9, err_msg=cell)
        assert graph.atoms == len(crystal.frac)


@pytest.mark.parametrize("constructor", [KNN12, VORONOI], ids=["knn", "voronoi"])
@pytest.mark.parametrize("name", ORBITS)
def test_a_crystal_is_the_same_however_it_is_written(
    known, disguised, name, constructor
):
    build = builder(constructor, nest=[RECEIVER])
    wanted = build(known[name])
    for seed, matrix in enumerate(
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 0], [0, 1, 1], [2, 0, -1]])
    ):
        graph = build(disguised(known[name], seed, matrix))
        assert counts(graph)[1:] == counts(wanted)[1:]
        np.testing.assert_allclose(network(graph), network(wanted), atol=1e-9)
        assert graph.facts["space_group_number"] == wanted.facts["space_group_number"]
        for level, again in zip(wanted.levels, graph.levels, strict=True):
            for column in level.columns:
                np.testing.assert_allclose(
                    np.sort(again.columns[column]),
                    np.sort(level.columns[column]),
                    atol=1e-7,
                )


def test_a_slightly_shaken_crystal_has_the_orbits_of_the_ideal_one(known):
    rng = np.random.default_rng(3)
    for name, crystal in known.items():
        shaken = replace(
            crystal,
            frac=crystal.frac + 2e-5 * rng.uniform(-1, 1, size=crystal.frac.shape),
        )
        graph = builder(KNN12, nest=[RECEIVER], symprec=1e-3)(shaken)
        assert counts(graph) == counts(builder(KNN12, nest=[RECEIVER])(crystal)), name
        assert 0 < graph.facts["shift"] < 1e-3


def test_real_crystals_agree_on_all_settings(shared_rows):
    knn = KNN(KNN.Options(neighbors=8))
    for dataset, step in (("matbench_phonons", 90), ("matbench_jdft2d", 60)):
        for row in shared_rows(dataset, step):
            crystal = from_arrays(row["lattice"], row["species"], row["frac"])
            outputs = [
                network(
                    builder(knn, nest=[CHAIN], cell=cell, symmetry=symmetry)(crystal)
                )
                for cell, symmetry in SETTINGS
            ]
            np.testing.assert_allclose(outputs, [outputs[0]] * 9, atol=1e-9)


def test_rows_are_sorted_by_receiver_and_geometry_is_right(known):
    columns = {
        "edge": frozenset({"length", "vector", "cell_shift", "area"}),
        "angle": frozenset({"angle"}),
    }
    for cell, symmetry in SETTINGS:
        crystal = known["rutile"]
        build = builder(VORONOI, columns, nest=[RECEIVER], cell=cell, symmetry=symmetry)
        graph = build(crystal)
        edge, angle = graph.levels[1:]
        for level in (edge, angle):
            assert (np.diff(level.index[1]) >= 0).all()
        assert graph.levels[0].columns == {}
        assert list(edge.columns) == ["area", "cell_shift", "length", "vector"]
        vector, length = edge.columns["vector"], edge.columns["length"]
        np.testing.assert_allclose(np.linalg.norm(vector, axis=1), length, atol=1e-12)
        if cell == "given" and symmetry == "none":  # atoms in the order of the file
            wanted = crystal.vectors(*edge.index, edge.columns["cell_shift"])
            np.testing.assert_allclose(vector, wanted, atol=1e-9)
        if symmetry != "orbits":
            a, b = angle.index
            one, two = vector[a], vector[b]
            cosine = (one * two).sum(axis=1) / length[a] / length[b]
            kept = edge.index[1][a] == edge.index[1][b]
            np.testing.assert_allclose(
                np.cos(angle.columns["angle"])[kept], cosine[kept], atol=1e-9
            )


def test_site_columns_are_stored_and_break_symmetry_only_if_they_are_asked_for(known):
    crystal = known["Cu"]
    moment = np.array([1.0, -1.0, -1.0, 1.0])
    crystal = replace(crystal, columns={"moment": moment, "label": np.arange(4)})
    plain = builder(KNN12)(crystal)
    assert counts(plain)[0] == 1
    assert plain.facts["space_group_number"] == 225
    magnetic = builder(KNN12, {"node": frozenset({"moment"})})(crystal)
    assert sorted(magnetic.levels[0].columns["moment"]) == [-1, 1]
    assert magnetic.facts["space_group_number"] == 123
    given = builder(
        KNN12, {"node": frozenset({"moment"})}, cell="given", symmetry="none"
    )
    assert given(crystal).levels[0].columns["moment"].tolist() == moment.tolist()
    with pytest.raises(
        StructureError, match="no site column charge; it has atomic_number"
    ):
        builder(KNN12, {"node": frozenset({"charge"})})(crystal)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"edge": frozenset({"area"})},
            "'edge' has no column area; it has cell_shift, le",
        ),
        (
            {"angle": frozenset({"angle"})},
            "asked of level 'angle', but the graph has node",
        ),
        ({"bond": frozenset({"length"})}, "asked of level 'bond'"),
    ],
)
def test_a_column_that_is_never_there_is_refused_before_any_crystal(columns, message):
    with pytest.raises(ValueError, match=message):
        builder(KNN12, columns)


def test_the_crystal_floor_imports_nothing_heavy_before_it_is_used():
    code = (
        "import sys, ngn_core.graph.build, ngn_core.crystal.reading\n"
        "heavy = {'torch', 'spglib', 'moyopy', 'pymatgen', 'ase', 'scipy'}\n"
        "heavy |= {'ngn_plugins'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_symmetry_no_finder_is_asked(known, monkeypatch):
    monkeypatch.setitem(sys.modules, "spglib", None)
    monkeypatch.setitem(sys.modules, "moyopy", None)
    build = builder(
        KNN12, cell="given", symmetry="none", idealize=False, nest=[RECEIVER]
    )
    graph = build(known["quartz"])
    assert counts(graph)[0] == 9
    assert graph.facts["space_group_number"] is None
    with pytest.raises(ImportError):
        builder(KNN12)(known["quartz"])


def test_raw_graphs_of_other_cells(known):
    for cell, atoms in (("primitive", 2), ("conventional", 8)):
        graph = builder(KNN12, cell=cell, symmetry="none", idealize=False)(
            known["NaCl"]
        )
        assert counts(graph)[0] == atoms
        assert graph.atoms == 8


def test_a_symmetry_failure_is_an_error_or_p1_as_the_spec_says(known, monkeypatch):
    def refuse(*_args):
        raise StructureError("no group")

    monkeypatch.setattr("ngn_core.graph.symmetrized_crystal.find_symmetry", refuse)
    with pytest.raises(StructureError, match="no group"):
        builder(KNN12)(known["rutile"])
    graph = builder(KNN12, on_symmetry_failure="p1")(known["rutile"])
    assert counts(graph)[0] == 6
    assert graph.facts["space_group_number"] == 1
    assert graph.facts["symmetry_failure"] == "no group"
    assert set(graph.levels[1].multiplicity) == {1}


@pytest.fixture
def displaced(known):
    """Rutile with atoms up to 0.1 Å off their places, and a lattice 0.5 % off."""
    crystal = choose_cell(known["rutile"], "primitive", 1e-3)
    rng = np.random.default_rng(0)
    away = 3e-3 * rng.normal(size=crystal.frac.shape)
    return (
        replace(crystal, frac=crystal.frac + away),
        replace(crystal, lattice=crystal.lattice * [[1], [1.005], [1]]),
    )


@pytest.mark.parametrize("what", ["moves an atom by 0.0", "strains the lattice by 0.0"])
def test_a_large_shift_is_physics_unless_the_spec_says_otherwise(displaced, what):
    crystal = displaced["strains" in what]
    loose = {"symprec": 0.1, "cell": "given"}
    wide = KNN(KNN.Options(neighbors=12, tolerance=0.5))
    graph = builder(wide, **loose)(crystal)
    assert counts(graph)[0] == 6
    assert graph.facts["space_group_number"] == 1
    assert "space group 136" in graph.facts["large_shift"]
    assert what in graph.facts["large_shift"]
    assert "taken as given, without symmetry" in graph.facts["large_shift"]
    raw = builder(wide, **loose, idealize=False, symmetry="none")(crystal)
    np.testing.assert_array_equal(
        graph.levels[1].columns["length"], raw.levels[1].columns["length"]
    )
    kept = builder(wide, **loose, on_large_shift="keep")(crystal)
    assert kept.facts["space_group_number"] == 136
    assert kept.facts["large_shift"].endswith(": kept")
    assert counts(kept)[0] == 2
    for rule in ("error", "keep"):
        limits = {"max_shift": None, "max_strain": None, "on_large_shift": rule}
        free = builder(wide, **loose, **limits)(crystal)
        assert counts(free) == counts(kept)
        assert "large_shift" not in free.facts
    for on_symmetry_failure in ("error", "p1"):
        rules = {"on_large_shift": "error", "on_symmetry_failure": on_symmetry_failure}
        with pytest.raises(StructureError, match=f"{what}.*; on_large_shift is error"):
            builder(wide, **loose, **rules)(crystal)


def test_a_crystal_without_sense_is_refused():
    crystal = Crystal(np.diag([4.0, 4.0, 0.0]), np.zeros((1, 3)), (((11, 1.0),),))
    with pytest.raises(StructureError, match="no volume"):
        builder(KNN12)(crystal)
    crystal = Crystal(np.eye(3) * 4, np.zeros((2, 3)), (((11, 1.0),),) * 2)
    with pytest.raises(StructureError, match="0 Å apart"):
        builder(KNN12)(crystal)


def test_a_disordered_crystal_has_a_graph_but_no_atomic_numbers(known):
    crystal = known["Cu"]
    alloy = replace(crystal, species=(((29, 0.5), (79, 0.5)),) * 4)
    assert counts(builder(KNN12, {})(alloy))[0] == 1
    assert "atomic_number" not in builder(KNN12)(alloy).levels[0].columns
    with pytest.raises(StructureError, match="partly occupied or shared"):
        _ = alloy.numbers


def test_a_level_may_be_empty(known):
    nest = [{"use": "receiver", "cutoff": 1.0}, RECEIVER]
    for symmetry in ("none", "asymmetric", "orbits"):
        graph = builder(KNN12, nest=nest, symmetry=symmetry)(known["NaCl"])
        assert counts(graph)[2:] == [0, 0]
        assert graph.levels[2].index.shape == (2, 0)


def test_radius_edges_that_end_at_a_shell_are_closed(known, disguised):
    radius = Radius(Radius.Options(cutoff=2.82))
    for seed in range(3):
        graph = builder(radius, symmetry="none")(disguised(known["NaCl"], seed))
        assert counts(graph) == [2, 12]
