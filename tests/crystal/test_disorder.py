"""Sites that elements share, or that are partly vacant."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays, read_cif
from ngn_core.crystal.symmetry import SAME_VALUE, atom_colors, find_space_group
from ngn_core.crystal.validation import check_distances
from ngn_core.errors import StructureError
from ngn_core.graph.build import GraphBuilder
from ngn_core.graph.graph import SHARE, SHARED
from ngn_core.spec.graph import GraphOptions
from ngn_plugins.graphs import KNN

CUBE = np.eye(3) * 4.0
ALLOY = {"Cu": 0.75, "Au": 0.25}


def build(crystal, symmetry="orbits", **columns):
    columns = columns or {"node": frozenset({"atomic_number"})}
    options = GraphOptions(symmetry=symmetry)
    constructor = KNN(KNN.Options(neighbors=12, tolerance=1e-2))
    return GraphBuilder(options, constructor, columns)(crystal)


def test_a_crystal_says_what_is_disordered():
    crystal = from_arrays(CUBE, ["Na", ALLOY], [[0, 0, 0], [0.5, 0.5, 0.5]])
    assert not crystal.is_ordered
    assert crystal.disorder() == (
        "site 1 is partly occupied or shared (Cu: 0.75, Au: 0.25)"
    )
    whole = from_arrays(CUBE, ["Na", {"Cl": 1.0}], [[0, 0, 0], [0.5, 0.5, 0.5]])
    assert whole.is_ordered
    assert whole.disorder() is None


def test_shares_are_padded_with_nothing():
    crystal = from_arrays(
        CUBE,
        ["Na", ALLOY, {"Li": 0.3}],
        [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0, 0]],
    )
    numbers, weights = crystal.shares()
    assert numbers.tolist() == [[11, 11], [29, 79], [3, 3]]
    assert weights.tolist() == [[1.0, 0.0], [0.75, 0.25], [0.3, 0.0]]
    assert crystal.occupancy.tolist() == [1.0, 1.0, 0.3]


@pytest.mark.parametrize("symmetry", ["none", "asymmetric", "orbits"])
def test_a_graph_holds_the_shares_of_its_nodes(known, symmetry):
    salt = known["NaCl"]
    mixed = tuple(
        ((11, 0.6), (19, 0.3)) if species[0][0] == 11 else species
        for species in salt.species
    )
    node = build(replace(salt, species=mixed), symmetry).levels[0]
    assert set(node.columns) == {SHARED, SHARE}
    found = {
        tuple(numbers): tuple(weights)
        for numbers, weights in zip(
            node.columns[SHARED].tolist(), node.columns[SHARE].tolist(), strict=True
        )
    }
    assert found == {(11, 19): (0.6, 0.3), (17, 17): (1.0, 0.0)}
    assert set(build(salt, symmetry).levels[0].columns) == {"atomic_number"}


def test_occupancy_is_a_column_of_every_crystal(known):
    silicon = known["Si"]
    read = {"node": frozenset({"occupancy"})}
    assert build(silicon, **read).levels[0].columns["occupancy"].tolist() == [1.0]
    thin = replace(silicon, species=(((14, 0.4), (32, 0.1)),) * 8)
    assert build(thin, **read).levels[0].columns["occupancy"].tolist() == [0.5]


def test_what_sits_on_a_site_is_its_color(known):
    """Random alloys keep the symmetry; other shares on one site break it."""
    copper = known["Cu"]
    alloy = ((29, 0.75), (79, 0.25))
    other = ((29, 0.5), (79, 0.5))
    random = replace(copper, species=(alloy,) * 4)
    assert find_space_group(random, 1e-3).number == 225
    ordered = replace(copper, species=(other, alloy, alloy, alloy))
    assert find_space_group(ordered, 1e-3).number == 221
    assert len(build(ordered).levels[0]) == 2


# several sites at one place -----------------------------------------------------------


def test_partly_occupied_sites_at_one_place_are_one():
    crystal = from_arrays(
        CUBE,
        [{"Na": 0.6}, "Cl", {"K": 0.3}, {"Na": 0.1}],
        [[0, 0, 0], [0.5, 0.5, 0.5], [1.0, 0, 0.0005], [0, 1, 0]],
        {"charge": [1.0, -1.0, 2.0, 1.0], "label": list("abcd")},
    )
    assert crystal.species == (((11, 0.7), (19, 0.3)), ((17, 1.0),))
    assert crystal.frac[0].tolist() == [0, 0, 0]
    assert crystal.columns["charge"].tolist() == pytest.approx([1.3, -1.0])
    assert crystal.columns["label"].tolist() == ["a", "b"]
    check_distances(crystal)


def test_two_whole_atoms_at_one_place_stay_a_mistake():
    crystal = from_arrays(CUBE, ["Na", {"K": 0.5}], [[0, 0, 0], [0, 0, 0]])
    assert len(crystal.species) == 2
    with pytest.raises(StructureError, match="0 Å apart.*one shared site"):
        check_distances(crystal)
    crystal = from_arrays(CUBE, [{"Na": 0.7}, {"K": 0.7}], [[0, 0, 0], [0, 0, 0]])
    assert len(crystal.species) == 2


CIF = """data_x
_cell_length_a 5.6
_cell_length_b 5.6
_cell_length_c 5.6
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Na1 Na 0 0 0 0.7
K1 K 0 0 0 0.2
Cl1 Cl 0.5 0.5 0.5 1
"""


def test_a_cif_with_two_atoms_on_one_place_has_one_shared_site():
    crystal = read_cif(CIF)
    assert crystal.species == (((11, 0.7), (19, 0.2)), ((17, 1.0),))


# colors -------------------------------------------------------------------------------

NEAR = st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=12)


@given(NEAR, st.randoms())
def test_colors_are_classes_whatever_the_order(values, random):
    """Near values share a color, transitively, and no order of atoms changes that."""
    values = np.array(values) * 20 * SAME_VALUE
    atoms = len(values)
    crystal = Crystal(
        CUBE, np.zeros((atoms, 3)), (((26, 1.0),),) * atoms, {"magmom": values}
    )
    colors = atom_colors(crystal)
    order = random.sample(range(atoms), atoms)
    moved = replace(crystal, columns={"magmom": values[order]})
    same = colors[:, None] == colors
    again = atom_colors(moved)
    assert np.array_equal(same[np.ix_(order, order)], again[:, None] == again)
    near = np.abs(values[:, None] - values) <= SAME_VALUE * 0.999
    assert same[near].all()
    for color in set(colors):
        inside, outside = values[colors == color], values[colors != color]
        assert (np.diff(np.sort(inside)) <= SAME_VALUE * 1.001).all()
        assert (np.abs(inside[:, None] - outside) > SAME_VALUE * 0.999).all()


def test_integers_are_equal_or_not():
    crystal = Crystal(
        CUBE, np.zeros((3, 3)), (((26, 1.0),),) * 3, {"tag": np.array([0, 1, 0])}
    )
    assert len(set(atom_colors(crystal))) == 2


IRON = from_arrays(np.eye(3) * 2.87, ["Fe", "Fe"], [[0, 0, 0], [0.5, 0.5, 0.5]])
READ = {"node": frozenset({"atomic_number", "magmom"})}


def magnetic(*moments):
    return replace(IRON, columns={"magmom": np.array(moments)})


@pytest.mark.parametrize(
    ("moments", "read", "nodes"),
    [((2.2, 2.2), READ, 1), ((2.2, -2.2), READ, 2), ((2.2, -2.2), {}, 1)],
)
def test_orbits_are_colored_by_columns_that_are_read(moments, read, nodes):
    """Two antiferromagnetic atoms differ where the moment is read, not else."""
    assert len(build(magnetic(*moments), **read).levels[0]) == nodes


def test_nearly_equal_moments_become_their_mean():
    """What one stands for is the same, whichever of them is kept."""
    for moments in ((2.2, 2.2004), (2.2004, 2.2)):
        for symmetry in ("none", "orbits"):
            node = build(magnetic(*moments), symmetry, **READ).levels[0]
            assert node.columns["magmom"] == pytest.approx(2.2002, abs=1e-12)


def test_a_moment_that_is_no_number_is_refused():
    with pytest.raises(StructureError, match="`magmom` is np.float64.nan. at site 1"):
        build(magnetic(2.2, np.nan), **READ)
