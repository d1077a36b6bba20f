"""Disordered sites start from the weighted mean of their elements' embeddings."""

from dataclasses import replace

import pytest
import torch

import ngn_core.api as ngn
from ngn_core.crystal.reading import from_arrays
from ngn_core.graph.build import GraphBuilder
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.network.disorder import elements_of
from ngn_core.packed.packed import join, pack
from ngn_core.packed.recipe import stored_columns
from ngn_core.spec.load import load_specs
from ngn_plugins.embeddings import Concat, Element, PeriodicTable

CUBE = torch.eye(3).numpy() * 3.6
PLACES = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
ORDERED = from_arrays(CUBE, ["Cu", "Cu", "Au", "Ag"], PLACES)
MIXED = from_arrays(
    CUBE,
    ["Cu", {"Cu": 0.5, "Au": 0.25}, {"Ag": 0.9}, {"Cu": 0.2, "Ag": 0.3, "Au": 0.5}],
    PLACES,
)


@pytest.fixture(scope="module")
def setting(registry):
    def set_up(name="cgcnn", *assignments):
        (spec,) = load_specs([name], registry, ["graph.symmetry=none", *assignments])
        torch.manual_seed(0)
        network = build_network(spec).double().eval()
        columns = stored_columns(architecture_of(spec).columns)
        builder = GraphBuilder(spec.graph.options, spec.graph.edges.build(), columns)
        return network, builder

    return set_up


class Stranger(ngn.Embedding):
    """An embedding that knows nothing of disorder, with features and a basis."""

    name = "stranger"

    def __init__(self, options, below):
        super().__init__(options, below)
        self.needs = frozenset({"atomic_number"})
        self.width, self.basis_width = 2, 1

    def forward(self, rows, below):
        number = rows.columns["atomic_number"].to(rows.weight.dtype)
        return ngn.Embedded(torch.stack([number, number**2], 1), number[:, None].exp())


@pytest.mark.parametrize(
    "use",
    [
        lambda: Element(Element.Options(width=4), None),
        lambda: PeriodicTable(PeriodicTable.Options(width=4), None),
        lambda: Stranger(ngn.Options(), None),
    ],
)
def test_a_site_has_the_weighted_mean_of_its_elements(setting, use):
    """Any embedding of atomic numbers is averaged, a vacancy has none."""
    network, builder = setting()
    embedding = use().double()
    network.embeddings.levels["node"] = embedding
    batch = pack([builder(MIXED)]).batch(torch.tensor([0]))
    found = network.embeddings(batch.levels[:1], batch.crystals)[0][0]
    for part, place in zip(found, range(2), strict=True):
        for site, species in enumerate(MIXED.species):
            wanted = 0.0
            for number, weight in species:
                alone = replace(
                    batch.levels[0], columns={"atomic_number": torch.tensor([number])}
                )
                value = embedding(alone, None)[place]
                wanted = None if value is None else wanted + weight * value[0]
            if wanted is None:
                assert part is None
            else:
                torch.testing.assert_close(part[site], wanted)


@torch.no_grad()
def test_ordered_crystals_are_the_same_beside_disordered_ones(setting):
    network, builder = setting("cogn", "network.embed.node.width=8")
    alone = pack([builder(ORDERED)])
    assert set(alone.levels[0].columns) == {"atomic_number"}
    beside = pack([builder(MIXED), builder(ORDERED)])
    wanted = network(alone.batch(torch.tensor([0])))
    both = network(beside.batch(torch.tensor([0, 1])))
    torch.testing.assert_close(both[1:], wanted, rtol=0, atol=0)
    assert (both[0] - wanted).abs() > 1e-6


def test_shards_with_and_without_disorder_are_joined(setting):
    _, builder = setting()
    parts = [pack([builder(ORDERED)]), pack([builder(MIXED)])]
    wanted = pack([builder(ORDERED), builder(MIXED)])
    found = join(parts).levels[0]
    for name, values in wanted.levels[0].columns.items():
        assert torch.equal(found.columns[name], values)
    ordered = join(parts[:1] * 2).levels[0]
    assert set(ordered.columns) == {"atomic_number"}


def test_elements_count_by_their_weight(setting):
    """Statistics over embedded rows see each element as often as it is there."""
    _, builder = setting()
    batch = pack([builder(MIXED)]).batch(torch.tensor([0]))
    rows = elements_of(batch.levels[0])
    gold = rows.columns["atomic_number"] == 79
    assert float(rows.weight[gold].sum()) == pytest.approx(0.75)
    assert float(rows.weight.sum()) == pytest.approx(1 + 0.75 + 0.9 + 1)


def test_other_columns_reach_an_embedding_of_elements(setting):
    """Beside a column, too, what each element would give is averaged."""
    of = "[{use: element, width: 3}, {use: column, of: charge}]"
    use = f"network.embed.node={{use: concat, of: {of}}}"
    network, builder = setting("cgcnn", use, "network.blocks.0.repeat=1")
    assert isinstance(network.embeddings.levels["node"], Concat)
    crystal = replace(MIXED, columns={"charge": torch.arange(4.0).numpy()})
    batch = pack([builder(crystal)]).batch(torch.tensor([0]))
    found = network.embeddings(batch.levels[:1], batch.crystals)[0][0].features
    charges = found[:, -1].detach()
    assert charges.tolist() == pytest.approx([0.0, 0.75, 1.8, 3.0])
