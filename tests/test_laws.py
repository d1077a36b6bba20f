"""The laws of a crystal's prediction, for every shipped spec and for two probes.

A crystal is the same crystal rotated, mirrored, moved, renumbered, in a supercell or in
other cell vectors; and its asymmetric unit and its orbits stand for all of it, in
training too. Deviations are counted in standard deviations of the outputs over the
crystals, which all differ.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from ngn_core.crystal.crystal import Crystal
from ngn_core.crystal.reading import from_arrays
from ngn_core.dataset.open import open_dataset
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.packed.graphs import build_graphs
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_specs, resolve_spec

LAW = 1e-9
"""Largest deviation, in standard deviations of the outputs."""

THREE_LEVELS = {
    "name": "three levels",
    "graph": {
        "edges": {"use": "knn", "neighbors": 4},
        "nest": [{"use": "receiver"}, {"use": "receiver"}],
    },
    "network": {
        "embed": {
            "node": {"use": "element", "width": 8},
            "edge": {"use": "gaussian", "of": "length", "bins": 8, "stop": 6.0},
            "angle": {"use": "gaussian", "of": "angle", "bins": 6, "stop": 3.2},
            "torsion": {
                "use": "gaussian",
                "of": "torsion",
                "bins": 6,
                "start": -1.0,
                "stop": 1.0,
            },
        },
        "blocks": [
            {
                "repeat": 2,
                "use": "cogn",
                "message_layers": 2,
                "nest": {
                    "on": "messages",
                    "use": "cogn_line",
                    "gate": "gru",
                    "nest": {"on": "messages", "use": "cogn_line", "gate": "gru"},
                },
            }
        ],
        "readout": "mean",
        "head": {"use": "mlp", "layers": [8, 1]},
    },
    "train": {"epochs": 1, "batch_size": 8, "optimizer": {"use": "adam", "lr": 0.01}},
}
ASSIGNMENTS = {
    "congn, chains": ["graph.nest=[{use: chain}]"],
    "congn, chains without the way back": [
        "graph.nest=[{use: chain, way_back: drop, cutoff: 4.0}]"
    ],
    "schnet, summed": ["network.readout.pool=sum"],
}
BLIND = {"alignn": ("Si", "Mg")}
"""Crystals that a network cannot tell from strained ones: where neighbors are equal,
ALIGNN's gated mean over them is what each of them has, at any distance."""

UNREAD = {"alignn": ("blocks.4.nested.0.hooks.edge_norm", "blocks.7.hooks.edge_norm")}
"""Layers whose results nobody reads, as in the authors' code: edges of last blocks."""

SPECS = [name for name in shipped_specs() if "/" not in name]
PROBES = ["congn, chains", "congn, chains without the way back", "three levels"]


# crystals -----------------------------------------------------------------------------


def structure(group, lattice, species, frac):
    from pymatgen.core import Lattice, Structure

    from ngn_core.crystal.reading import from_pymatgen

    cell = Lattice.from_parameters(*lattice)
    return from_pymatgen(Structure.from_spacegroup(group, cell, species, frac))


def cubic(edge):
    return edge, edge, edge, 90, 90, 90


def hexagonal(a, c):
    return a, a, c, 90, 90, 120


@pytest.fixture(scope="session")
def crystals(registry):
    """Crystals of many symmetries, as others would give them."""
    alloys = open_dataset("emt_alloys", registry)
    vacancy = next(
        row for row in alloys.rows if row.columns["prototype"] == "L1_2+vacancy"
    )
    half, third = 0.5, 1 / 3
    return {
        "NaCl": structure(
            "Fm-3m", cubic(5.64), ["Na", "Cl"], [[0, 0, 0], [half, half, half]]
        ),
        "Si": structure("Fd-3m", cubic(5.43), ["Si"], [[0, 0, 0]]),
        "SrTiO3": structure(
            "Pm-3m",
            cubic(3.90),
            ["Sr", "Ti", "O"],
            [[0, 0, 0], [half, half, half], [half, half, 0]],
        ),
        "rutile": structure(
            "P4_2/mnm",
            (4.59, 4.59, 2.96, 90, 90, 90),
            ["Ti", "O"],
            [[0, 0, 0], [0.305, 0.305, 0]],
        ),
        "quartz": structure(
            "P3_221",
            hexagonal(4.91, 5.40),
            ["Si", "O"],
            [[0.4697, 0, 2 * third], [0.4135, 0.2669, 0.7858]],
        ),
        "Al2O3": structure(
            "R-3c",
            hexagonal(4.76, 12.99),
            ["Al", "O"],
            [[0, 0, 0.352], [0.306, 0, 0.25]],
        ),
        "Mg": structure(
            "P6_3/mmc", hexagonal(3.21, 5.21), ["Mg"], [[third, 2 * third, 0.25]]
        ),
        "low": from_arrays(
            [[4.1, 0.2, 0.1], [0.7, 5.2, -0.4], [-0.3, 0.9, 4.6]],
            ["Ti", "O", "O", "Ca"],
            [[0.02, 0.11, 0.2], [0.47, 0.52, 0.43], [0.81, 0.13, 0.76], [0.4, 0, 0.9]],
        ),
        "vacancy": vacancy.crystal(),
    }


@pytest.fixture(scope="session")
def slab(shared, registry):
    """A layer of a real two-dimensional crystal, far from its images."""
    rows = open_dataset(str(shared / "data" / "matbench_jdft2d"), registry).rows
    return {"slab": rows[3].crystal()}


# the same crystal, written another way ------------------------------------------------


def rng(crystal):
    return np.random.default_rng(len(crystal.frac))


def turn(crystal, sign):
    rotation, _ = np.linalg.qr(rng(crystal).normal(size=(3, 3)))
    rotation *= sign * np.sign(np.linalg.det(rotation))
    return replace(crystal, lattice=crystal.lattice @ rotation)


def move(crystal):
    random = rng(crystal)
    cells = random.integers(-2, 3, size=crystal.frac.shape)
    return replace(crystal, frac=crystal.frac + random.random(3) + cells)


def renumber(crystal):
    order = rng(crystal).permutation(len(crystal.frac))
    species = tuple(crystal.species[site] for site in order)
    return replace(crystal, frac=crystal.frac[order], species=species)


def double(crystal):
    frac = np.concatenate([crystal.frac, crystal.frac + [1, 0, 0]]) / [2, 1, 1]
    lattice = crystal.lattice * [[2], [1], [1]]
    return Crystal(lattice, frac, crystal.species * 2)


def change_cell(crystal):
    change = np.array([[1, 1, 0], [0, 1, -1], [1, 1, 1]])
    assert round(np.linalg.det(change)) == 1
    frac = crystal.frac @ np.linalg.inv(change)
    return replace(crystal, lattice=change @ crystal.lattice, frac=frac)


def everything(crystal):
    return turn(move(renumber(change_cell(double(crystal)))), -1)


WRITTEN = {
    "rotated": lambda crystal: turn(crystal, 1),
    "mirrored": lambda crystal: turn(crystal, -1),
    "moved": move,
    "renumbered": renumber,
    "doubled": double,
    "other cell vectors": change_cell,
    "all of it": everything,
}


# networks -----------------------------------------------------------------------------


class Subject:
    """One network with random weights, and the graphs that it can be given."""

    def __init__(self, name, registry):
        self.name = name
        self.registry = registry
        torch.manual_seed(1)
        self.network = build_network(self.spec()).double()
        with torch.no_grad():
            for parameter in self.network.parameters():
                # biases and norms start from constants, a last layer may start from 0
                if parameter.dim() == 1 or not parameter.any():
                    parameter += 0.1 * torch.randn_like(parameter)
            for key, buffer in self.network.named_buffers():
                if key.endswith(("running_mean", "running_var")):
                    buffer += 0.1 * torch.rand_like(buffer)
        self.fresh = {
            key: value.clone() for key, value in self.network.state_dict().items()
        }
        self.whole = {}

    def spec(self, **graph):
        """The spec with other options of its graphs."""
        if self.name == "three levels":
            data = {**THREE_LEVELS, "graph": {**THREE_LEVELS["graph"], **graph}}
            return resolve_spec(data, self.registry, "a test")
        assignments = [f"graph.{key}={value}" for key, value in graph.items()]
        assignments += ASSIGNMENTS.get(self.name, ())
        return load_specs([self.name.partition(",")[0]], self.registry, assignments)[0]

    def batch(self, crystals, **graph):
        spec = self.spec(**graph)
        columns = architecture_of(spec).columns
        recipe = GraphRecipe.of(spec.graph, columns, self.registry)
        built = build_graphs(
            list(crystals), list(crystals.values()), recipe, None, lambda done: None
        )
        assert not built.failures
        return built.graphs.batch(torch.arange(len(crystals)))

    @torch.no_grad()
    def predict(self, batch):
        self.network.load_state_dict(self.fresh)
        return self.network.eval()(batch).squeeze(1)

    def usual(self, crystals):
        """The outputs of the spec as it is; they differ from crystal to crystal."""
        key = tuple(crystals)
        if key not in self.whole:
            self.whole[key] = self.predict(self.batch(crystals))
            apart = (self.whole[key][:, None] - self.whole[key]).abs()
            apart.fill_diagonal_(torch.inf)
            assert apart.min() > 1e-4 * self.whole[key].std()
            assert self.whole[key].std() > 1e-5 * self.whole[key].abs().max()
        return self.whole[key]

    def step(self, batch):
        """Outputs, gradients and statistics of one step in training mode."""
        self.network.load_state_dict(self.fresh)
        self.network.train().zero_grad()
        outputs = self.network(batch).squeeze(1)
        scaled = (outputs - outputs.detach().mean()) / outputs.detach().std()
        wanted = torch.linspace(-1, 1, len(outputs), dtype=outputs.dtype)
        (scaled - wanted).square().add(1).log().sum().backward()
        gradients = {
            key: parameter.grad.clone()
            for key, parameter in self.network.named_parameters()
            if parameter.grad is not None
        }
        statistics = {
            key: buffer.clone()
            for key, buffer in self.network.named_buffers()
            if key.rpartition(".")[2].startswith("running_")
        }
        return outputs.detach(), gradients, statistics


@pytest.fixture(scope="module", params=[*SPECS, *PROBES])
def subject(request, registry):
    return Subject(request.param, registry)


@pytest.fixture
def quotient(subject):
    """A network that a crystal's quotient is enough for."""
    hooks = [m.hooks for m in subject.network.modules() if hasattr(m, "hooks")]
    if not all(hook.invariant for hook in hooks):
        pytest.skip(f"{subject.name} uses directions, so that quotients are refused")
    return subject


def assert_same(found, wanted, what=""):
    apart = (found - wanted).abs().max() / wanted.std()
    assert apart < LAW, f"{what}: {apart:.1e} of the outputs' standard deviation"


# laws ---------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WRITTEN)
def test_a_crystal_is_the_same_however_it_is_written(subject, crystals, way):
    other = {name: WRITTEN[way](crystal) for name, crystal in crystals.items()}
    assert_same(subject.predict(subject.batch(other)), subject.usual(crystals))


def test_another_crystal_is_another(subject, crystals):
    crystals = without(crystals, *BLIND.get(subject.name, ()))
    usual = subject.usual(crystals)
    strained = {
        name: replace(crystal, lattice=crystal.lattice * 1.01)
        for name, crystal in crystals.items()
    }
    apart = (subject.predict(subject.batch(strained)) - usual).abs()
    assert apart.min() > 1e2 * LAW * usual.std()


@pytest.mark.parametrize("symmetry", ["none", "asymmetric", "orbits"])
@pytest.mark.parametrize("cell", ["given", "primitive", "conventional"])
def test_cell_and_symmetry_change_no_prediction(quotient, crystals, cell, symmetry):
    batch = quotient.batch(crystals, cell=cell, symmetry=symmetry)
    assert_same(quotient.predict(batch), quotient.usual(crystals))


def without(crystals, *names):
    return {name: crystal for name, crystal in crystals.items() if name not in names}


def test_symmetry_need_not_be_used_at_all(subject, crystals):
    # neither a primitive cell nor an idealized one: the graph of the cell as given
    if subject.name == "matformer":
        pytest.skip("an atom's own images are those of the given cell without symmetry")
    exact = without(crystals, "vacancy", "Al2O3")
    wanted = subject.predict(subject.batch(exact))
    for write in (lambda crystal: crystal, everything):
        other = {name: write(crystal) for name, crystal in exact.items()}
        plain = subject.batch(other, cell="given", symmetry="none", idealize="false")
        assert_same(subject.predict(plain), wanted)


@pytest.mark.parametrize("cell", ["given", "primitive"])
def test_training_on_a_quotient_is_training_on_the_crystal(quotient, crystals, cell):
    if cell == "given":
        crystals = without(crystals, "Al2O3")
    whole = quotient.batch(crystals, symmetry="none", cell=cell)
    outputs, gradients, statistics = quotient.step(whole)
    largest = max(gradient.abs().max() for gradient in gradients.values())
    for symmetry in ("asymmetric", "orbits"):
        batch = quotient.batch(crystals, symmetry=symmetry, cell=cell)
        assert len(batch.levels[1].weight) < len(whole.levels[1].weight)
        found = quotient.step(batch)
        assert_same(found[0], outputs, symmetry)
        assert found[1].keys() == gradients.keys()
        for key, gradient in gradients.items():
            # a bias before a batch normalization has a gradient of rounding alone
            scale = max(gradient.abs().max(), 1e-4 * largest)
            apart = (found[1][key] - gradient).abs().max() / scale
            assert apart < LAW, f"{symmetry}: gradient of {key} is off by {apart:.1e}"
        assert found[2].keys() == statistics.keys()
        for key, statistic in statistics.items():
            torch.testing.assert_close(
                found[2][key], statistic, rtol=LAW, atol=LAW, msg=key
            )
            assert not torch.equal(statistic, quotient.fresh[key])


def test_every_parameter_takes_part(subject, crystals):
    _, gradients, _ = subject.step(subject.batch(crystals))
    without_any = dict(subject.network.named_parameters()).keys() - gradients.keys()
    assert {key.rpartition(".")[0] for key in without_any} == set(
        UNREAD.get(subject.name, ())
    )


def test_without_its_weights_a_quotient_is_another_crystal(quotient, crystals):
    batch = quotient.batch(crystals, symmetry="orbits")
    usual = quotient.usual(crystals)
    for number, level in enumerate(batch.levels):
        levels = list(batch.levels)
        ones = torch.ones_like(level.multiplicity)
        levels[number] = replace(level, multiplicity=ones, weight=ones)
        apart = (quotient.predict(replace(batch, levels=levels)) - usual).abs().max()
        assert apart > 1e3 * LAW * usual.std()


def test_a_layer_far_from_its_images_obeys_the_laws_too(quotient, crystals, slab):
    spread = quotient.usual(crystals).std()
    whole = quotient.batch(slab, symmetry="none")
    wanted = quotient.predict(whole)
    for symmetry in ("asymmetric", "orbits"):
        for write in (lambda crystal: crystal, everything):
            other = {name: write(crystal) for name, crystal in slab.items()}
            batch = quotient.batch(other, symmetry=symmetry)
            assert len(batch.levels[1].weight) < len(whole.levels[1].weight)
            assert (quotient.predict(batch) - wanted).abs().max() < LAW * spread


@pytest.mark.parametrize("cell", ["given", "primitive", "conventional"])
def test_a_sum_grows_with_the_cell_as_given_and_with_no_other(registry, crystals, cell):
    summing = Subject("schnet, summed", registry)
    crystals = without(crystals, "Al2O3")
    usual = summing.usual(crystals)
    doubled = {name: double(crystal) for name, crystal in crystals.items()}
    for symmetry in ("none", "orbits"):
        graph = {"cell": cell, "symmetry": symmetry}
        assert_same(summing.predict(summing.batch(crystals, **graph)), usual)
        assert_same(summing.predict(summing.batch(doubled, **graph)), 2 * usual)
