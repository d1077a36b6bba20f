"""What networks read is checked against what the data and the graph give."""

from dataclasses import replace

import numpy as np
import pytest

import ngn_core.api as ngn
from ngn_core.checks.check import check
from ngn_core.crystal.reading import from_arrays
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError, SpecError, StructureError
from ngn_core.experiment.prepare import prepare
from ngn_core.experiment.trial import make_trial
from ngn_core.graph.build import GraphBuilder
from ngn_core.packed.needs import check_columns, check_disorder
from ngn_core.packed.recipe import recipe_of
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect
from ngn_core.spec.load import load_specs

PLUGIN = '''
import ngn_core.api as ngn


class Stranger(ngn.MessageFunction):
    """Reads what nobody gives."""

    name = "stranger"
    needs = frozenset({NEEDS})

    def message(self, edge, sender, receiver, state, graph):
        return sender.features

    def update_node(self, node, received, state, graph):
        return node


@ngn.hookimpl
def ngn_register_message_functions():
    return [Stranger]
'''
CUBE = np.eye(3) * 4.0
PLACES = [[0, 0, 0], [0.5, 0.5, 0.5]]


def table(count=6, species=("Na", "Cl"), **sites):
    sites = sites or {"magmom": [1.0, -1.0], "forces": [[0.0, 0, 1], [0, 0, -1]]}
    crystals = [
        from_arrays(CUBE + 0.1 * place * np.eye(3), species, PLACES, sites)
        for place in range(count)
    ]
    columns = {
        "gap": [0.1 * i for i in range(count)],
        "temperature": [300.0 + i for i in range(count)],
        "name": [f"n{i}" for i in range(count)],
    }
    targets = {"gap": ngn.Target("eV", folds=None)}
    return ngn.table_from_objects("salts", crystals, columns, targets=targets)


@pytest.fixture
def stranger(tmp_path):
    """A spec whose message function needs the columns that are named."""

    def spec(*needs):
        file = tmp_path / "stranger.py"
        file.write_text(PLUGIN.replace("NEEDS", ", ".join(map(repr, needs))))
        registry = collect(plugin_manager([file]))
        made = load_specs(["cgcnn"], registry, ["network.blocks.0={use: stranger}"])
        return made[0], registry

    return spec


@pytest.fixture
def cgcnn(registry):
    def spec(*assignments):
        return load_specs(["cgcnn"], registry, assignments)[0]

    return spec


def node(of, more=""):
    parts = f"[{{use: element, width: 8}}, {{use: column, of: {of}{more}}}]"
    return f"network.embed.node={{use: concat, width: 8, of: {parts}}}"


def state(of):
    return f"network.embed.state={{use: column, of: {of}}}"


def test_what_is_read_is_what_is_there(cgcnn):
    assert check_columns([cgcnn()], table()) == check_columns([], table())
    read = check_columns([cgcnn(node("magmom"), state("temperature"))], table())
    assert read.sites == {"magmom"}
    assert read.crystals == {"temperature"}


def test_a_stranger_that_reads_an_absent_site_column_is_refused(stranger):
    spec, _ = stranger("node.magmon")
    with pytest.raises(SpecError) as error:
        check_columns([spec], table())
    text = str(error.value)
    assert "network.blocks.0: found stranger, which reads the site column" in text
    assert "'magmon'; expected a site column that is there in salts: " in text
    assert "magmom (μB), forces (eV/Å). Did you mean 'magmom'?" in text


@pytest.mark.parametrize(
    ("needs", "there"),
    [
        ("edge.area", "edge column 'area'; expected a edge column that is there"),
        ("edge.area", "by edges: knn: length (Å), vector (Å)"),
    ],
)
def test_a_stranger_that_reads_an_absent_edge_column_is_refused(stranger, needs, there):
    spec, registry = stranger(needs)
    with pytest.raises(SpecError) as error:
        recipe_of(spec, registry)
    assert there.replace("a edge", "an edge") in str(error.value)


def test_a_crystal_column_must_hold_numbers_and_not_the_target(cgcnn):
    with pytest.raises(SpecError, match=r"column of numbers.*gap \(eV\), temperature"):
        check_columns([cgcnn(state("name"))], table())
    with pytest.raises(SpecError, match="another column; this one is the target"):
        check_columns([cgcnn(state("gap"))], table(), "gap")


def test_a_state_that_nothing_gives_is_refused(cgcnn):
    spec = cgcnn("network.embed.state={use: number}")
    with pytest.raises(SpecError, match="network.embed.state: .*--state COLUMN"):
        check_columns([spec], table(), has_state=False)


@pytest.mark.parametrize("symmetry", ["asymmetric", "orbits"])
def test_a_direction_is_refused_under_a_quotient(cgcnn, symmetry):
    spec = cgcnn(node("forces", ", width: 3"), f"graph.symmetry={symmetry}")
    with pytest.raises(SpecError, match="graph.symmetry: .*'forces'.* has a direction"):
        check_columns([spec], table())
    spec = cgcnn(node("forces", ", width: 3"), "graph.symmetry=none")
    assert check_columns([spec], table()).sites == {"forces"}


def test_every_problem_of_every_spec_is_told_at_once(cgcnn):
    specs = [cgcnn(node("spin")), cgcnn(state("pressure"))]
    with pytest.raises(SpecError) as error:
        check_columns(specs, table())
    assert len(error.value.problems) == 2


# atomic numbers of shared sites -------------------------------------------------------


def test_a_hook_that_reads_elements_is_refused_on_disordered_crystals(stranger):
    spec, _ = stranger("node.atomic_number")
    mixed = table(species=("Na", {"Cl": 0.5, "Br": 0.5}))
    with pytest.raises(SpecError, match=r"stranger, which reads.*'atomic_number'.*6"):
        check_disorder([spec], select(mixed, None, on_disorder="average"))
    check_disorder([spec], select(table(), None))


# rows ---------------------------------------------------------------------------------


def test_a_row_without_the_column_is_a_bad_row(cgcnn):
    data = table()
    rows = list(data.rows)
    bare = replace(rows[2].crystal(), columns={"charge": np.ones(2)})
    wide = replace(rows[3].crystal(), columns={"magmom": np.ones((2, 2))})
    odd = replace(rows[4].crystal(), columns={"magmom": np.array([1.0, None])})
    for place, crystal in ((2, bare), (3, wide), (4, odd)):
        rows[place] = replace(rows[place], crystal=lambda c=crystal: c)
    rows[5] = replace(rows[5], columns={"gap": 1.0, "temperature": None})
    data = replace(data, rows=rows)
    spec = cgcnn(node("magmom"), state("temperature"))
    read = check_columns([spec], data)
    with pytest.raises(DatasetError) as error:
        select(data, "gap", read=read)
    text = str(error.value)
    assert "4 of 6 rows cannot be used" in text
    assert "the crystal has no site column magmom; it has charge" in text
    assert "site column magmom has shape ['sites', 2]" in text
    assert "`magmom` is None at site 1" in text
    assert "column temperature is None; expected a number" in text
    assert len(select(data, "gap")) == 6


def test_only_columns_that_are_read_are_kept_and_count(cgcnn, registry, silent):
    """A column that a spec does not read changes neither its graphs nor its trials."""
    plain, reads = cgcnn("name=plain"), cgcnn("name=reads", node("magmom"))
    other = table(magmom=[2.0, -2.0])

    def trials(specs, data):
        read = check_columns(specs, data)
        crystals = select(data, "gap", read=read)
        crystals = replace(crystals, fold=np.arange(6) % 2, n_folds=2)
        prepared = prepare(specs, crystals, registry, None, "error", silent)
        nodes = {
            name: set(graphs.levels[0].columns)
            for name, graphs in prepared.graphs.items()
        }
        digests = {
            spec.name: make_trial(spec, prepared.crystals, 0, 0, registry).digest
            for spec in specs
        }
        return nodes, digests

    alone = trials([plain], table())
    both = trials([plain, reads], table())
    changed = trials([plain, reads], other)
    assert alone[0]["plain"] == both[0]["plain"] == {"atomic_number"}
    assert both[0]["reads"] == {"atomic_number", "magmom"}
    assert alone[1]["plain"] == both[1]["plain"] == changed[1]["plain"]
    assert both[1]["reads"] != changed[1]["reads"]


def test_a_vector_turns_with_the_crystal_in_the_laws(cgcnn):
    """A network that reads a vector as it is breaks the law of rotation."""
    data = table()
    spec = cgcnn(node("forces", ", width: 3"), "graph.symmetry=none")
    crystals = select(data, None, read=check_columns([spec], data))
    assert crystals.crystals[0].directional == {"forces"}
    found = {line.law: line.verdict for line in check(spec, crystals).lines}
    assert (found["rotation"], found["translation"]) == ("broken", "holds")


def test_a_direction_is_refused_by_the_graph_builder_itself(cgcnn):
    columns = {"node": frozenset({"forces"})}
    spec = cgcnn("graph.symmetry=orbits").graph
    build = GraphBuilder(spec.options, spec.edges.build(), columns)
    crystal = table().rows[0].crystal()
    assert len(build(crystal).levels[0]) == 2
    with pytest.raises(StructureError, match="forces has a direction"):
        build(replace(crystal, directional=frozenset({"forces"})))
