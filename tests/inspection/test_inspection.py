"""What is shown of a crystal is what its graphs hold."""

import numpy as np
import pytest

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays
from ngn_core.errors import SpecError, StructureError
from ngn_core.graph.build import GraphBuilder
from ngn_core.inspection.inspection import SETTINGS, inspect
from ngn_core.inspection.one_crystal import read_one
from ngn_core.inspection.shells import shell_labels, shells
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.load import load_specs

CORNERS = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
CRYSTALS = {
    "salt": from_arrays(
        5.64 * np.eye(3),
        ["Na"] * 4 + ["Cl"] * 4,
        np.concatenate([CORNERS, CORNERS + 0.5]),
    ),
    "perovskite": from_arrays(
        3.9 * np.eye(3),
        ["Sr", "Ti", "O", "O", "O"],
        [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]],
    ),
    "skewed": from_arrays(
        [[4.1, 0.2, 0], [-1.9, 5.3, 0.4], [0.3, 1.1, 6.7]],
        ["Mg", "O", "O"],
        [[0.9999999, -0.3, 0.1], [1.4, 0.2, 0.5], [0.2, 0.7, 0.8]],
    ),
}
SETS = [
    (),
    ("graph.cell=given",),
    ("graph.cell=conventional", "graph.edges.neighbors=6"),
    ("graph.idealize=false", "graph.symmetry=none"),
    ("graph.closure=literal", "graph.symmetry=asymmetric"),
]


@pytest.fixture
def look(registry):
    def look(crystal, assignments=(), spec="cogn"):
        (loaded,) = load_specs([spec], registry, list(assignments))
        return inspect("it", crystal, loaded)

    return look


@pytest.mark.parametrize("spec", ["cogn", "congn"])
@pytest.mark.parametrize("name", CRYSTALS)
def test_sizes_are_those_of_the_graph_builder(registry, name, spec):
    (loaded,) = load_specs([spec], registry)
    found, _ = inspect("it", CRYSTALS[name], loaded)
    assert tuple(found.sizes) == SETTINGS
    for symmetry, sizes in found.sizes.items():
        plain = {**loaded.graph.options.model_dump(), "symmetry": symmetry}
        columns = {"node": frozenset({"atomic_number"})}
        build = GraphBuilder(GraphOptions(**plain), loaded.graph.edges.build(), columns)
        levels = build(CRYSTALS[name]).levels
        assert list(sizes.values()) == [len(level) for level in levels]
        for level, factor in found.reduction[symmetry].items():
            assert factor == found.sizes["none"][level] / sizes[level] >= 1


@pytest.mark.parametrize("assignments", SETS)
@pytest.mark.parametrize("name", CRYSTALS)
def test_nodes_add_up_to_the_cell_and_shells_to_the_coordination(
    look, name, assignments
):
    found, picture = look(CRYSTALS[name], assignments)
    assert sum(site.multiplicity for site in found.sites) == found.cell.atoms
    edges = sum(site.multiplicity * site.coordination for site in found.sites)
    assert edges == found.sizes["none"]["edge"]
    for site in found.sites:
        assert sum(shell.count for shell in site.shells) == site.coordination
        assert all(sum(s.multiplicities) == s.count for s in site.shells)
        distances = [shell.distance for shell in site.shells]
        assert distances == sorted(distances)
    assert (
        sum(len(site.shells) for site in found.sites) <= found.sizes[found.kept]["edge"]
    )


@pytest.mark.parametrize("assignments", SETS)
@pytest.mark.parametrize("name", CRYSTALS)
def test_the_picture_holds_every_atom_and_every_edge(look, name, assignments):
    found, picture = look(CRYSTALS[name], assignments)
    cell = [atom for atom in picture.atoms if not atom.image]
    assert len(cell) == found.cell.atoms
    assert not any(atom.image for atom in picture.atoms[: len(cell)])
    frac = np.array([atom.position for atom in cell]) @ np.linalg.inv(picture.lattice)
    assert (frac > -1e-3).all()
    assert (frac < 1).all()
    assert sum(len(b.edges) for b in picture.edge_groups) == found.sizes["none"]["edge"]
    places = np.array([atom.position for atom in picture.atoms])
    assert len(np.unique(places.round(4), axis=0)) == len(places)
    for edge_group in picture.edge_groups:
        for sender, receiver in edge_group.edges:
            length = np.linalg.norm(places[sender] - places[receiver])
            assert length == pytest.approx(edge_group.length, abs=1e-2)
            assert picture.atoms[sender].element == edge_group.sender
            assert picture.atoms[receiver].element == edge_group.receiver
            assert not picture.atoms[receiver].image
    if picture.what == "orbit":
        assert len(picture.edge_groups) == found.sizes["orbits"]["edge"]
        # an atom has as many edges of an orbit as its multiplicity says
        for edge_group in picture.edge_groups:
            receivers = [receiver for _, receiver in edge_group.edges]
            assert {receivers.count(i) for i in receivers} == {edge_group.multiplicity}
    # the sites of the picture are the kept nodes of the tables
    assert {atom.site for atom in picture.atoms} == set(range(len(found.sites)))
    assert all(found.sites[atom.site].element == atom.element for atom in picture.atoms)
    assert all(
        found.sites[atom.site].multiplicity == atom.multiplicity
        for atom in picture.atoms
    )


def test_rock_salt_has_six_neighbors(look):
    found, _ = look(CRYSTALS["salt"], ["graph.edges.neighbors=6"])
    assert found.formula == "NaCl"
    assert (found.given.atoms, found.cell.atoms) == (8, 2)
    assert found.given.volume == pytest.approx(5.64**3)
    assert found.given.angles == pytest.approx((90, 90, 90))
    assert found.cell.angles == pytest.approx((60, 60, 60))
    assert (found.space_group.number, found.space_group.symbol) == (225, "Fm-3m")
    assert [site.element for site in found.sites] == ["Na", "Cl"]
    for site, other in zip(found.sites, ("Cl", "Na"), strict=True):
        (shell,) = site.shells
        assert (shell.element, shell.count, shell.multiplicities) == (other, 6, (6,))
        assert shell.distance == pytest.approx(2.82)
    assert found.sizes["none"]["edge"] == 12
    assert found.reduction["orbits"]["edge"] == 6


def test_what_a_spec_does_not_allow_is_said(look):
    found, picture = look(
        CRYSTALS["salt"], ["graph.symmetry=none", "graph.idealize=false"]
    )
    assert (found.kept, set(found.refused)) == ("none", {"asymmetric", "orbits"})
    assert "idealize: true" in found.refused["orbits"]
    assert found.space_group.number is None
    assert picture.what == "shell"


def test_a_crystal_that_is_taken_as_p1_keeps_its_cell(look):
    salt = CRYSTALS["salt"]
    bent = salt.frac + 4e-4 * np.sin(np.arange(24)).reshape(8, 3)
    crystal = Crystal(salt.lattice, bent, salt.species)
    found, _ = look(crystal, ["graph.symprec=0.002", "graph.max_shift=1.0e-6"])
    assert found.space_group.number == 1
    assert (found.cell.atoms, found.cell_rule) == (8, "given")
    assert "max_shift" in found.remarks[0]


def test_a_disordered_crystal_shows_what_shares_its_sites(look):
    species = [{"Cu": 0.3, "Au": 0.5}, "O"]
    shared = from_arrays(4 * np.eye(3), species, [[0, 0, 0], [0.5, 0.5, 0.5]])
    found, picture = look(shared)
    assert [site.element for site in found.sites] == ["Au0.5Cu0.3", "O"]
    assert {shell.element for shell in found.sites[1].shells} >= {"Au0.5Cu0.3"}
    assert {atom.element for atom in picture.atoms} == {"Au0.5Cu0.3", "O"}


def test_crystals_that_cannot_become_graphs_are_named(look):
    flat = Crystal(np.diag([4.0, 4.0, 0.0]), np.zeros((1, 3)), (((11, 1.0),),))
    with pytest.raises(StructureError, match="^it: .*no volume"):
        look(flat)
    with pytest.raises(SpecError, match=r"graph: .*symprec is 0\.1"):
        look(CRYSTALS["salt"], ["graph.symprec=0.1"])


def test_shells_are_one_element_at_one_distance():
    element = np.array(["O", "O", "H", "O", "O"])
    length = np.array([2.0, 2.001, 2.0, 3.0, 2.005])
    found = shells(element, length, np.array([1, 2, 4, 8, 16]))
    assert [(s.element, s.count, s.multiplicities) for s in found] == [
        ("H", 4, (4,)),
        ("O", 19, (16, 2, 1)),
        ("O", 8, (8,)),
    ]
    assert found[1].distance == pytest.approx((2.0 + 2 * 2.001 + 16 * 2.005) / 19)
    assert len(shell_labels(np.zeros(0), np.zeros(0))) == 0


def test_a_row_of_a_dataset_is_a_crystal(registry):
    crystal = read_one("emt_alloys:emt-0001", registry)
    assert len(crystal.frac) == len(crystal.species)
