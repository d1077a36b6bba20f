"""Networks of other sizes, with random weights, against plain programs of the papers.

The programs follow the papers' equations line by line, over all edges of a small
crystal, with the names of the authors' weights; DimeNet++ is torch-geometric's own.
"""

import json
import math

import numpy as np
import pytest
import torch
from torch.nn import functional
from torch_geometric.nn.models import DimeNetPlusPlus

from ngn_core.checks.parity import parity
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.reading import from_arrays
from ngn_core.errors import WeightsError

NEIGHBORS = {
    "neighbor_strategy": "k-nearest",
    "cutoff": 8.0,
    "max_neighbors": 12,
    "use_lattice": True,
}


class Reader:
    """Random weights, remembered by the name that they are asked for by."""

    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)
        self.weights = {}

    def get(self, name, *shape, positive=False):
        if name not in self.weights:
            drawn = torch.randn(*shape, generator=self.random, dtype=torch.float64)
            drawn = drawn / shape[-1] ** 0.5 if len(shape) > 1 else drawn / 3
            self.weights[name] = drawn.abs() + 0.5 if positive else drawn
        return self.weights[name]

    def linear(self, name, x, width, bias=True):
        offset = self.get(f"{name}.bias", width) if bias else None
        return functional.linear(
            x, self.get(f"{name}.weight", width, x.shape[-1]), offset
        )

    def batch_norm(self, name, x):
        width = x.shape[-1]
        mean = self.get(f"{name}.running_mean", width)
        variance = self.get(f"{name}.running_var", width, positive=True)
        x = (x - mean) / (variance + 1e-5).sqrt()
        return x * self.get(f"{name}.weight", width) + self.get(f"{name}.bias", width)

    def layer_norm(self, name, x):
        x = x - x.mean(-1, keepdim=True)
        x = x / (x.square().mean(-1, keepdim=True) + 1e-5).sqrt()
        width = x.shape[-1]
        return x * self.get(f"{name}.weight", width) + self.get(f"{name}.bias", width)


def gaussians(x, start, stop, bins):
    centers = torch.linspace(start, stop, bins, dtype=torch.float64)
    return torch.exp(-((x[:, None] - centers) ** 2) / (centers[1] - centers[0]))


def summed(x, onto, size):
    return torch.zeros(size, *x.shape[1:], dtype=x.dtype).index_add(0, onto, x)


def alignn(read, config, graph):
    hidden, middle = config["hidden_features"], config["embedding_features"]
    silu = functional.silu

    def dense(name, x, width):
        x = read.linear(f"{name}.layer.0", x, width)
        return silu(read.batch_norm(f"{name}.layer.1", x))

    def convolution(name, x, e, src, dst):
        m = read.linear(f"{name}.src_gate", x, hidden)[src]
        m = m + read.linear(f"{name}.dst_gate", x, hidden)[dst]
        m = m + read.linear(f"{name}.edge_gate", e, hidden)
        gate = m.sigmoid()
        sent = gate * read.linear(f"{name}.dst_update", x, hidden)[src]
        h = summed(sent, dst, len(x)) / (summed(gate, dst, len(x)) + 1e-6)
        h = h + read.linear(f"{name}.src_update", x, hidden)
        x = x + silu(read.batch_norm(f"{name}.bn_nodes", h))
        return x, e + silu(read.batch_norm(f"{name}.bn_edges", m))

    src, dst, vector = graph["src"], graph["dst"], graph["vector"]
    first, second = graph["pairs"]
    back, onward = vector[first], -vector[second]
    cosine = functional.cosine_similarity(back, onward)
    table = read.get("aux/atom_features", 30, config["atom_input_features"])
    x = dense("atom_embedding", table[graph["numbers"]], hidden)
    e = gaussians(vector.norm(dim=1), 0, 8, config["edge_input_features"])
    t = gaussians(cosine, -1, 1, config["triplet_input_features"])
    for name, width in (("1", middle), ("2", hidden)):
        e = dense(f"edge_embedding.{name}", e, width)
        t = dense(f"angle_embedding.{name}", t, width)
    for layer in range(config["alignn_layers"]):
        name = f"alignn_layers.{layer}"
        x, e = convolution(f"{name}.node_update", x, e, src, dst)
        e, t = convolution(f"{name}.edge_update", e, t, first, second)
    for layer in range(config["gcn_layers"]):
        x, e = convolution(f"gcn_layers.{layer}", x, e, src, dst)
    return {"prediction": read.linear("fc", x.mean(0), 1)}


def matformer(read, config, graph):
    width, heads = config["node_features"], config["node_layer_head"]
    src, dst = graph["src"], graph["dst"]
    table = read.get("aux/atom_features", 30, config["atom_input_features"])
    x = read.linear("atom_embedding", table[graph["numbers"]], width)
    e = gaussians(graph["vector"].norm(dim=1), 0, 8, config["edge_features"])
    e = functional.softplus(read.linear("rbf.1", e, width))
    e = read.linear("rbf.3", e, width)
    for layer in range(config["conv_layers"]):
        name = f"att_layers.{layer}"

        def of_heads(part, x, bias=True, name=name):
            wide = read.linear(f"{name}.lin_{part}", x, heads * width, bias)
            return wide.reshape(len(x), heads, width)

        q, k, v = (of_heads(part, x) for part in ("query", "key", "value"))
        near = of_heads("edge", e, bias=False)
        alpha = torch.cat([q[dst]] * 3, -1) * torch.cat([k[dst], k[src], near], -1)
        alpha = alpha / math.sqrt(3 * width)
        m = torch.cat([v[dst], v[src], near], -1)
        m = read.linear(f"{name}.lin_msg_update", m, 3 * width)
        m = m * read.layer_norm(f"{name}.layer_norm", alpha).sigmoid()
        m = read.linear(f"{name}.msg_layer.0", m, width)
        m = read.layer_norm(f"{name}.msg_layer.1", m)
        h = summed(m, dst, len(x)).reshape(len(x), heads * width)
        h = read.batch_norm(f"{name}.bn", read.linear(f"{name}.lin_concate", h, width))
        x = functional.silu(h) + read.linear(f"{name}.lin_skip", x, width)
    x = functional.silu(read.linear("fc.0", x.mean(0), config["fc_features"]))
    return {"prediction": read.linear("fc_out", x, 1)}


def dimenetpp(read, config, graph):
    sizes = {name: config[name] for name in DIMENET_SIZES}
    torch.manual_seed(1)
    model = DimeNetPlusPlus(**sizes, output_initializer="glorot_orthogonal").double()
    read.weights |= model.state_dict()
    dst, src, length = graph["dst"], graph["src"], graph["vector"].norm(dim=1)
    kj, ji = graph["pairs"]
    first, second = graph["vector"][kj], graph["vector"][ji]
    angle = torch.atan2(
        torch.linalg.cross(first, second).norm(dim=1), (first * second).sum(1)
    )
    rbf, sbf = model.rbf(length), model.sbf(length, angle, kj)
    x = model.emb(graph["numbers"], rbf, dst, src)
    atoms = len(graph["numbers"])
    output = model.output_blocks[0](x, rbf, dst, num_nodes=atoms)
    for interaction, block in zip(
        model.interaction_blocks, model.output_blocks[1:], strict=True
    ):
        x = interaction(x, rbf, sbf, kj, ji)
        output = output + block(x, rbf, dst, num_nodes=atoms)
    return {"sum": output.sum(0), "mean": output.mean(0)}


DIMENET_SIZES = (
    *("hidden_channels", "out_channels", "num_blocks", "int_emb_size"),
    *("basis_emb_size", "out_emb_channels", "num_spherical", "num_radial", "cutoff"),
    *("envelope_exponent", "num_before_skip", "num_after_skip", "num_output_layers"),
)

ALIGNN = {
    "architecture": "ALIGNN",
    "atom_input_features": 7,
    "edge_input_features": 11,
    "triplet_input_features": 6,
    "embedding_features": 5,
    "hidden_features": 8,
    "graph": NEIGHBORS,
}

MATFORMER = {
    "architecture": "Matformer",
    "atom_input_features": 7,
    "edge_features": 9,
    "node_features": 6,
    "fc_features": 5,
    "graph": NEIGHBORS,
}


def dimenet_config(*sizes):
    named = dict(zip(DIMENET_SIZES, sizes, strict=True))
    graph = {"cutoff": named["cutoff"]}
    return {"architecture": "DimeNet++", "act": "swish", "graph": graph, **named}


CASES = {
    "alignn, deep": (alignn, ALIGNN | {"alignn_layers": 3, "gcn_layers": 1}),
    "alignn, no line graph": (alignn, ALIGNN | {"alignn_layers": 0, "gcn_layers": 2}),
    "alignn, no plain layer": (alignn, ALIGNN | {"alignn_layers": 2, "gcn_layers": 0}),
    "matformer": (matformer, MATFORMER | {"conv_layers": 5, "node_layer_head": 3}),
    "matformer, one head": (
        matformer,
        MATFORMER | {"conv_layers": 2, "node_layer_head": 1},
    ),
    "dimenetpp": (
        dimenetpp,
        dimenet_config(10, 1, 2, 6, 3, 12, 2, 3, 3.5, 4, 2, 1, 1),
    ),
    "dimenetpp, shallow": (
        dimenetpp,
        dimenet_config(8, 1, 1, 5, 2, 9, 3, 2, 3.5, 5, 0, 3, 0),
    ),
}


def crystals():
    random = np.random.default_rng(3)
    for atoms, size in ((3, 3.2), (1, 2.4), (2, 3.0)):
        lattice = np.eye(3) * size + random.normal(size=(3, 3)) * 0.3
        frac = (np.arange(atoms)[:, None] + random.random((atoms, 3)) / 3) / atoms
        numbers = random.integers(1, 30, atoms)
        yield lattice, numbers, frac


def graph_of(lattice, numbers, frac, chained):
    crystal = from_arrays(lattice, [symbol_of(int(z)) for z in numbers], frac)
    src, dst, shift, _ = neighbors_within(crystal, 3.4)
    vector = (frac[src] + shift - frac[dst]) @ lattice
    src, dst, vector = map(torch.from_numpy, (src, dst, vector))
    first, second = (dst[:, None] == src).nonzero().T
    if chained == "without itself":
        allowed = first != second
    else:  # without the way back
        allowed = (vector[first] + vector[second]).norm(dim=1) > 1e-9
    return shift, {
        "numbers": torch.from_numpy(numbers),
        "src": src,
        "dst": dst,
        "vector": vector,
        "pairs": (first[allowed], second[allowed]),
    }


@pytest.fixture
def written(tmp_path):
    """A function that writes a folder of reference data, as a program gives them."""

    def write(program, config):
        read, lines = Reader(5), []
        chained = "without the way back" if program is dimenetpp else "without itself"
        for number, (lattice, numbers, frac) in enumerate(crystals()):
            shift, graph = graph_of(lattice, numbers, frac, chained)
            with torch.no_grad():
                output = program(read, config, graph)
            listed = {
                "edge_src": graph["src"].tolist(),
                "edge_dst": graph["dst"].tolist(),
                "edge_offset": shift.tolist(),
                "edge_distance": graph["vector"].norm(dim=1).tolist(),
            }
            if number > 0:  # the first case's pairs come from the rule
                kj, ji = (part.tolist() for part in graph["pairs"])
                listed["line_edge_index"] = list(zip(ji, kj, strict=True))
                listed |= {"triplet_edge_kj": kj, "triplet_edge_ji": ji}
            case = {
                "id": str(number),
                "structure": {
                    "lattice": lattice.tolist(),
                    "species": [symbol_of(int(z)) for z in numbers],
                    "atomic_numbers": numbers.tolist(),
                    "frac_coords": frac.tolist(),
                },
                "graph": listed,
                "output": {name: value.tolist() for name, value in output.items()},
                "activations": [],
            }
            lines.append(json.dumps(case))
        weights = {name: value.numpy() for name, value in read.weights.items()}
        np.savez(tmp_path / "weights.npz", **weights)
        (tmp_path / "config.json").write_text(json.dumps(config))
        (tmp_path / "cases.jsonl").write_text("\n".join(lines))
        return tmp_path

    return write


@pytest.mark.parametrize("name", CASES)
def test_a_network_of_other_sizes_agrees_with_a_plain_program(registry, written, name):
    program, config = CASES[name]
    found = parity(written(program, config), registry)
    assert found.passed, found.worst


def test_gaussians_elsewhere_are_refused(registry, written):
    folder = written(*CASES["matformer"])
    with np.load(folder / "weights.npz") as arrays:
        weights = {name: arrays[name] for name in arrays.files}
    for stop, agrees in ((8.0, True), (6.0, False)):
        centers = np.linspace(0.0, stop, 9)
        np.savez(folder / "weights.npz", **weights, **{"rbf.0.centers": centers})
        if agrees:
            assert parity(folder, registry).passed
        else:
            with pytest.raises(WeightsError, match="rbf.0.centers: 9 .* from 0 to 6"):
                parity(folder, registry)


@pytest.mark.parametrize(
    ("config", "key", "value"),
    [
        (CASES["alignn, deep"][1], "link", "log"),
        (CASES["alignn, deep"][1], "extra_features", 3),
        (CASES["matformer"][1], "edge_layers", 1),
        (CASES["dimenetpp"][1], "out_channels", 2),
        (CASES["dimenetpp"][1], "act", "mish"),
    ],
)
def test_what_a_network_cannot_have_is_refused_by_its_key(registry, config, key, value):
    (importer,) = (
        component()
        for component in registry.components("importer")
        if component.architecture == config["architecture"]
    )
    importer.overrides(config)
    with pytest.raises(ValueError, match=f"{key}: {value}"):
        importer.overrides(config | {key: value})
