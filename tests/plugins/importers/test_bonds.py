"""M3GNet and PaiNN of other sizes and readouts, against plain programs of the papers.

The programs follow the papers' equations, bond by bond and triplet by triplet, with the
names of the authors' weights.
"""

import functools
import json
import math
import zlib

import numpy as np
import pytest
import torch
from scipy.special import eval_legendre, spherical_jn
from torch.nn import functional

from ngn_core.checks.parity import parity
from ngn_core.crystal.elements import symbol_of
from ngn_core.crystal.neighbors import neighbors_within
from ngn_core.crystal.reading import from_arrays

ELEMENTS = [symbol_of(number) for number in (8, 1, 22, 14, 6)]
CELLS = [
    (
        "TiO2",
        np.array([[2.9, 0.1, 0], [0.3, 3.1, 0.2], [0, -0.4, 3.3]]),
        ["Ti", "O", "O"],
    ),
    ("Si", np.array([[2.4, 0, 0.2], [0.1, 2.6, 0], [0, 0.3, 2.5]]), ["Si"]),
    ("CH", np.array([[3.0, 0.2, 0], [0, 2.8, 0.1], [0.4, 0, 3.2]]), ["C", "H"]),
]


class Weights(dict):
    """Random weights, drawn by the name that they are asked for by."""

    def get(self, name, *shape):
        if name not in self:
            random = torch.Generator().manual_seed(zlib.crc32(name.encode()))
            drawn = torch.randn(*shape, generator=random, dtype=torch.float64)
            self[name] = drawn / (shape[-1] if len(shape) > 1 else 9) ** 0.5
        return self[name]

    def linear(self, name, x, width, bias=True):
        weight = self.get(f"{name}.weight", width, x.shape[-1])
        return functional.linear(
            x, weight, self.get(f"{name}.bias", width) if bias else None
        )

    def mlp(self, name, x, widths, *, last=True):
        for layer, width in enumerate(widths):
            x = self.linear(f"{name}.layers.{2 * layer}", x, width)
            x = functional.silu(x) if last or layer < len(widths) - 1 else x
        return x

    def gated(self, name, x, widths, *, last=True, bias=True):
        value = gate = x
        for layer, width in enumerate(widths):
            end = layer == len(widths) - 1
            value = self.linear(f"{name}.layers.{2 * layer}", value, width, bias)
            value = functional.silu(value) if last or not end else value
            gate = self.linear(f"{name}.gates.{2 * layer}", gate, width, bias)
            gate = gate.sigmoid() if end else functional.silu(gate)
        return value * gate


@functools.cache
def roots(degree, count):
    grid = np.linspace(1e-3, 60, 400_000)
    values = spherical_jn(degree, grid)
    low = np.flatnonzero(values[:-1] * values[1:] < 0)[:count]
    found = grid[low]
    for _ in range(60):
        found = found - spherical_jn(degree, found) / spherical_jn(degree, found, True)
    return found


def m3gnet(read, config, numbers, src, dst, vector):
    cutoff, inner = config["cutoff"], config["threebody_cutoff"]
    units, dim = config["units"], config["dim_edge_embedding"]
    width = config["dim_node_embedding"]
    length = vector.norm(dim=1)
    old = config["message_receiver"].startswith("end")
    start, end = (src, dst) if old else (dst, src)
    outward = -vector if old else vector

    def radial(r, cosine=None):
        found = []
        for degree in range(config["max_l"]):
            for root in roots(degree, config["max_n"]):
                norm = math.sqrt(2 / cutoff**3) / abs(spherical_jn(degree + 1, root))
                value = norm * spherical_jn(degree, root * r / cutoff)
                if cosine is not None:
                    value *= math.sqrt((2 * degree + 1) / (4 * math.pi))
                    value *= eval_legendre(degree, cosine)
                found.append(value)
        return torch.tensor(found, dtype=torch.float64)

    def fade(r):
        x = r / inner
        return 1 - 10 * x**3 + 15 * x**4 - 6 * x**5 if r <= inner else 0.0

    triplets = [
        (
            a,
            b,
            radial(
                float(length[b]),
                float(functional.cosine_similarity(outward[a], outward[b], dim=0)),
            )
            * fade(float(length[a]))
            * fade(float(length[b])),
        )
        for a in range(len(src))
        for b in range(len(src))
        if a != b and start[a] == start[b] and max(length[a], length[b]) <= inner
    ]
    basis = config["max_l"] * config["max_n"]
    rbf = torch.stack([radial(float(r)) for r in length])
    table = read.get("embedding.layer_node_embedding.weight", len(ELEMENTS), width)
    places = [ELEMENTS.index(symbol_of(int(number))) for number in numbers]
    v = table[places]
    e = read.mlp("embedding.layer_edge_embedding", rbf, [dim])
    for block in range(config["nblocks"]):
        name = f"three_body_interactions.{block}"
        far = read.linear(f"{name}.update_network_atom.layers.0", v, basis).sigmoid()
        total = torch.zeros(len(src), basis, dtype=torch.float64)
        for a, b, factors in triplets:
            total[a] += factors * far[end[b]]
        e = e + read.gated(f"{name}.update_network_bond", total, [dim], bias=False)
        name = f"graph_layers.{block}.conv"
        joined = torch.cat([v[start], v[end], e], 1)
        update = read.gated(f"{name}.edge_update_func", joined, [units, units, dim])
        e = e + update * read.linear(f"{name}.edge_weight_func", rbf, dim, False)
        joined = torch.cat([v[start], v[end], e], 1)
        sent = read.gated(f"{name}.node_update_func", joined, [units, units, width])
        sent = sent * read.linear(f"{name}.node_weight_func", rbf, width, False)
        v = v.index_add(0, dst, sent)
    if not config["is_intensive"]:
        each = read.gated("final_layer.gated", v, [width, units, units, 1], last=False)
        return {"normalised": each.sum(0)}
    pooled = e if config.get("field") == "edge_feat" else v
    if config["readout_type"] == "set2set":
        pooled = set2set(read, pooled, config)
    elif config["readout_type"] == "weighted_atom":
        value = read.mlp("readout.mlp", v, [units, units])
        if old:
            pooled = (read.linear("readout.weight.0", v, 1).sigmoid() * value).sum(0)
        else:
            weight = read.mlp("readout.weight", v, [units, 1], last=False).sigmoid()
            pooled = (weight * value).sum(0) / weight.sum()
    else:
        pooled = pooled.mean(0)
    return {
        "normalised": read.mlp("final_layer", pooled, [units, units, 1], last=False)
    }


def set2set(read, x, config):
    width, layers = x.shape[1], config["nlayers_set2set"]
    lstm = torch.nn.LSTM(2 * width, width, layers).double()
    for name, array in lstm.named_parameters():
        array.copy_(read.get(f"readout.set2set.lstm.{name}", *array.shape))
    star, memory = torch.zeros(1, 2 * width, dtype=torch.float64), None
    for _ in range(config["niters_set2set"]):
        query, memory = lstm(star, memory)
        share = (x * query).sum(1, keepdim=True).softmax(0)
        star = torch.cat([query, (share * x).sum(0, keepdim=True)], 1)
    return star[0]


def painn(read, config, numbers, src, dst, vector):
    width, count, cutoff = config["n_atom_basis"], config["n_rbf"], config["cutoff"]
    length, blocks = vector.norm(dim=1), config["n_interactions"]
    read["rep.cutoff_fn.cutoff"] = torch.tensor([cutoff])
    if config["radial_basis"] == "gaussian":
        centers = torch.linspace(0, cutoff, count)
        spacing = (centers[1] - centers[0]).expand(count)
        read["rep.radial_basis.offsets"] = centers
        read["rep.radial_basis.widths"] = spacing
        rbf = torch.exp(-(((length[:, None] - centers) / spacing.double()) ** 2) / 2)
    else:
        frequencies = torch.arange(1, count + 1) * math.pi / cutoff
        read["rep.radial_basis.freqs"] = frequencies
        rbf = torch.sin(length[:, None] * frequencies.double()) / length[:, None]
    fade = 0.5 * (torch.cos(math.pi * length / cutoff) + 1) * (length < cutoff)
    filters = 1 if config["shared_filters"] else blocks
    every = read.linear("rep.filter_net", rbf, filters * 3 * width) * fade[:, None]
    q = read.get("rep.embedding.weight", 100, width)[numbers]
    mu = torch.zeros(len(q), 3, width, dtype=torch.float64)
    act = functional.silu
    for block in range(blocks):
        one = 0 if config["shared_interactions"] else block
        part = 0 if config["shared_filters"] else block
        w = every[:, 3 * width * part : 3 * width * (part + 1)]
        name = f"rep.interactions.{one}.interatomic_context_net"
        x = read.linear(f"{name}.1", act(read.linear(f"{name}.0", q, width)), 3 * width)
        dq, along, old = (x[src] * w).split(width, dim=1)
        direction = (vector / length[:, None])[:, :, None]
        q = q.index_add(0, dst, dq)
        sent = along[:, None] * direction + old[:, None] * mu[src]
        mu = mu.index_add(0, dst, sent)
        v, u = read.linear(
            f"rep.mixing.{one}.mu_channel_mix", mu, 2 * width, False
        ).split(width, dim=2)
        norm = (v.square().sum(1) + config["epsilon"]).sqrt()
        name = f"rep.mixing.{one}.intraatomic_context_net"
        x = read.linear(f"{name}.0", torch.cat([q, norm], 1), width)
        dq, scale, product = read.linear(f"{name}.1", act(x), 3 * width).split(width, 1)
        q = q + dq + product * (v * u).sum(1)
        mu = mu + scale[:, None] * u
    for layer, size in enumerate(config["head"]["hidden"]):
        q = act(read.linear(f"head.outnet.{layer}", q, size))
    each = read.linear(f"head.outnet.{len(config['head']['hidden'])}", q, 1)
    return {"sum": each.sum(0), "mean": each.mean(0)}


M3GNET = {
    "architecture": "M3GNet",
    "element_types": ELEMENTS,
    "dim_node_embedding": 6,
    "dim_edge_embedding": 5,
    "units": 7,
    "max_n": 2,
    "max_l": 4,
    "nblocks": 2,
    "cutoff": 3.6,
    "threebody_cutoff": 3.0,
    "activation_type": "swish",
    "is_intensive": True,
    "readout_type": "set2set",
    "niters_set2set": 2,
    "nlayers_set2set": 2,
    "message_receiver": "start of the bond = centre (edge_dst)",
}
OLD = {"message_receiver": "end of the bond (edge_dst)"}

PAINN = {
    "architecture": "PaiNN",
    "n_atom_basis": 5,
    "n_interactions": 2,
    "radial_basis": "gaussian",
    "n_rbf": 7,
    "cutoff": 3.5,
    "cutoff_fn": "cosine",
    "shared_interactions": False,
    "shared_filters": False,
    "epsilon": 1e-6,
    "activation": "silu",
    "head": {"hidden": [4, 3], "activation": "silu"},
}

CASES = {
    "m3gnet": (m3gnet, M3GNET),
    "m3gnet, old": (m3gnet, M3GNET | OLD | {"max_l": 1, "max_n": 3}),
    "m3gnet of edges": (m3gnet, M3GNET | {"field": "edge_feat"}),
    "m3gnet, weighted": (m3gnet, M3GNET | {"readout_type": "weighted_atom"}),
    "m3gnet, weighted, old": (m3gnet, M3GNET | OLD | {"readout_type": "weighted_atom"}),
    "m3gnet, mean": (m3gnet, M3GNET | {"readout_type": "reduce_atom"}),
    "m3gnet, sum": (m3gnet, M3GNET | OLD | {"is_intensive": False}),
    "painn": (painn, PAINN),
    "painn, bessel": (painn, PAINN | {"radial_basis": "bessel", "n_interactions": 3}),
    "painn, shared": (
        painn,
        PAINN | {"shared_interactions": True, "shared_filters": True},
    ),
}


@pytest.fixture
def written(tmp_path):
    """A function that writes a folder of reference data, as a program gives them."""

    def write(program, config):
        read, lines = Weights(), []
        for name, lattice, symbols in CELLS:
            random = np.random.default_rng(len(name))
            frac = (
                random.random((len(symbols), 3)) / 5
                + np.arange(len(symbols))[:, None] / 3
            )
            crystal = from_arrays(lattice, symbols, frac)
            src, dst, shift, _ = neighbors_within(crystal, config["cutoff"])
            vector = (frac[src] + shift - frac[dst]) @ lattice
            with torch.no_grad():
                output = program(
                    read,
                    config,
                    crystal.numbers,
                    *map(torch.from_numpy, (src, dst, vector)),
                )
            case = {
                "id": name,
                "structure": {
                    "lattice": lattice.tolist(),
                    "species": symbols,
                    "atomic_numbers": crystal.numbers.tolist(),
                    "frac_coords": frac.tolist(),
                },
                "graph": {
                    "edge_src": src.tolist(),
                    "edge_dst": dst.tolist(),
                    "edge_offset": shift.tolist(),
                    "edge_distance": np.linalg.norm(vector, axis=1).tolist(),
                },
                "output": {key: value.tolist() for key, value in output.items()},
                "activations": [],
            }
            lines.append(json.dumps(case))
        arrays = {name: array.numpy() for name, array in read.items()}
        np.savez(tmp_path / "weights.npz", **arrays)
        (tmp_path / "config.json").write_text(json.dumps(config))
        (tmp_path / "cases.jsonl").write_text("\n".join(lines))
        return tmp_path

    return write


@pytest.mark.parametrize("name", CASES)
def test_a_network_of_other_sizes_agrees_with_a_plain_program(registry, written, name):
    program, config = CASES[name]
    found = parity(written(program, config), registry)
    assert found.passed, found.worst


@pytest.mark.parametrize(
    ("config", "key", "value"),
    [
        (M3GNET, "use_smooth", True),
        (M3GNET, "rbf_type", "Gaussian"),
        (M3GNET, "include_state", True),
        (M3GNET, "field", "state_feat"),
        (M3GNET, "message_receiver", "the center"),
        (PAINN, "cutoff_fn", "mollifier"),
        (PAINN, "radial_basis", "chebyshev"),
        (PAINN, "activation", "mish"),
    ],
)
def test_what_a_network_cannot_have_is_refused_by_its_key(registry, config, key, value):
    (importer,) = (
        component()
        for component in registry.components("importer")
        if component.architecture == config["architecture"]
    )
    importer.overrides(config)
    with pytest.raises(ValueError, match=f"{key}: .*{value}"):
        importer.overrides(config | {key: value})
