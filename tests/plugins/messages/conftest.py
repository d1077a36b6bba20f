"""Reference outputs of published implementations, and the graphs they belong to."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from ngn_core.crystal.graph import CrystalGraph, Level
from ngn_core.data.packed import pack
from ngn_core.network.build import build_network
from ngn_core.spec.load import load_specs

PARITY = Path(__file__).resolve().parents[4] / "shared" / "parity"


class Reference:
    """One folder of reference data: weights, configuration, crystals with outputs."""

    def __init__(self, folder):
        self.config = json.loads((folder / "config.json").read_text())
        with np.load(folder / "weights.npz") as arrays:
            self.weights = {
                name: torch.from_numpy(arrays[name].astype(np.float64))
                for name in arrays.files
            }
        lines = (folder / "cases.jsonl").read_text().splitlines()
        self.cases = [json.loads(line) for line in lines]

    def output(self, name):
        return torch.tensor(
            [case["output"][name][0] for case in self.cases], dtype=torch.float64
        )

    def unscaled(self, normalized):
        target = self.config["target"]
        return normalized * target["std"] + target["mean"]

    def batch(self, graph_of=None, *, nested=False):
        """The crystals side by side, with the edges that the reference has."""
        graphs = [(graph_of or unit_cell)(case, nested) for case in self.cases]
        return pack(graphs).batch(torch.arange(len(graphs)))


def unit_cell(case, nested=False):
    structure, given = case["structure"], case["graph"]
    sender, receiver = np.array(given["edge_src"]), np.array(given["edge_dst"])
    frac, lattice = np.array(structure["frac_coords"]), np.array(structure["lattice"])
    frac = frac[sender] + np.array(given["edge_offset"]) - frac[receiver]
    atoms = np.array(structure["atomic_numbers"])
    return tower(
        atoms, np.ones(len(atoms)), sender, receiver, frac @ lattice, given, nested
    )


def asymmetric_unit(case, nested=False):
    given = case["asu_graph"]
    sender, receiver = np.array(given["edge_src"]), np.array(given["edge_dst"])
    vector = -np.array(given["edge_vector"])  # the reference's ends at the receiver
    atoms = np.array(given["atomic_numbers"])
    multiplicity = np.array(given["multiplicity"], dtype=float)
    return tower(atoms, multiplicity, sender, receiver, vector, given, nested)


def padded(case, nested=False):
    """CGCNN's table of 12: what is missing points at atom 0, 9 Å away."""
    graph = unit_cell(case, nested)
    node, edge = graph.levels
    missing = 12 - np.bincount(edge.index[1], minlength=len(node))
    receiver = np.repeat(np.arange(len(node)), missing)
    index = np.concatenate([edge.index, [np.zeros_like(receiver), receiver]], axis=1)
    length = np.concatenate([edge.columns["length"], np.full(len(receiver), 9.0)])
    order = np.argsort(index[1], kind="stable")
    columns = {"length": length[order]}
    edge = Level(columns, index[:, order], np.ones(len(order)))
    return CrystalGraph((node, edge), graph.atoms)


def tower(atoms, multiplicity, sender, receiver, vector, given, nested):
    """A graph of given edges, and of given line edges if it is nested."""
    order = np.argsort(receiver, kind="stable")
    index = np.stack([sender, receiver])[:, order]
    columns = {"length": np.linalg.norm(vector[order], axis=1)}
    node = Level({"atomic_number": atoms}, None, multiplicity)
    if not nested:
        edge = Level(columns, index, np.ones(len(order)))
        return CrystalGraph((node, edge), int(multiplicity.sum()))
    columns["area"] = np.array(given["voronoi_ridge_area"])[order]
    pairs = line_edges(sender, receiver, given)
    pairs = np.argsort(order)[pairs][:, ::-1]  # (sending edge, receiving edge)
    pairs = pairs[np.argsort(pairs[:, 1], kind="stable")].T
    one, two = vector[order][pairs[0]], vector[order][pairs[1]]
    sine = np.linalg.norm(np.cross(one, two), axis=1)
    angle = np.arctan2(sine, (one * two).sum(axis=1))
    levels = (
        node,
        Level(columns, index, np.ones(len(order))),
        Level({"angle": angle}, pairs, np.ones(len(angle))),
    )
    return CrystalGraph(levels, int(multiplicity.sum()))


def line_edges(sender, receiver, given):
    """Pairs (receiving edge, sending edge), by the reference's rule if not listed."""
    pairs = given["line_edge_index"]
    if pairs is None:
        edges = range(len(sender))
        pairs = [
            (n, m)
            for n, m in itertools.permutations(edges, 2)
            if receiver[n] == receiver[m] and sender[n] != sender[m]
        ]
        assert len(pairs) == given["num_line_edges"]
    return np.array(pairs, dtype=int).reshape(-1, 2)


@pytest.fixture(scope="session")
def reference():
    """A function that reads the reference data of a model."""

    def read(name):
        if not (PARITY / name).is_dir():
            pytest.skip(f"the reference outputs are not here: {PARITY / name}")
        return Reference(PARITY / name)

    return read


@pytest.fixture(scope="session")
def network_of(registry):
    """A function that builds a shipped spec's network, in float64, to be evaluated."""

    def build(name, *assignments):
        (spec,) = load_specs([name], registry, assignments)
        return build_network(spec).double().eval()

    return build


@pytest.fixture(scope="session")
def graphs():
    """How the references make a graph of a case, where it is not the unit cell's."""
    return {"asymmetric_unit": asymmetric_unit, "padded": padded}
