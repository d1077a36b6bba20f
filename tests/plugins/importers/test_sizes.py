"""CGCNN and coGN of other sizes against plain programs of their papers.

SchNet is the fixture `reference_folder`; MEGNet comes in two sizes already.
"""

import json

import numpy as np
import pytest

from ngn_core.checks.parity import parity


class Drawn:
    """Random weights, remembered by the name that they are asked for by."""

    def __init__(self):
        self.random = np.random.default_rng(3)
        self.weights = {}

    def get(self, name, *shape, positive=False):
        if name not in self.weights:
            drawn = self.random.normal(size=shape) / max(shape[-1], 4) ** 0.5
            self.weights[name] = np.abs(drawn) + 0.5 if positive else drawn
        return self.weights[name]

    def linear(self, name, x, width):
        weight = self.get(f"{name}.weight", width, x.shape[1])
        return x @ weight.T + self.get(f"{name}.bias", width)

    def batch_norm(self, name, x):
        width = x.shape[1]
        mean = self.get(f"{name}.running_mean", width)
        x = (x - mean) / np.sqrt(
            self.get(f"{name}.running_var", width, positive=True) + 1e-5
        )
        return x * self.get(f"{name}.weight", width) + self.get(f"{name}.bias", width)

    def dense(self, name, x, width, swish=True):
        kernel = self.get(f"{name}/kernel", x.shape[1], width)
        x = x @ kernel + self.get(f"{name}/bias", width)
        return x / (1 + np.exp(-x)) if swish else x


def softplus(x):
    return np.log1p(np.exp(x))


def summed(x, onto, size):
    total = np.zeros((size, x.shape[1]))
    np.add.at(total, onto, x)
    return total


def cgcnn(draw, config, case):
    graph, numbers = case["graph"], case["structure"]["atomic_numbers"]
    count, slots = len(numbers), config["graph"]["max_num_nbr"]
    table = draw.get("aux/atom_init", 101, config["orig_atom_fea_len"])
    node = draw.linear("embedding", table[numbers], config["atom_fea_len"])
    edges = [[] for _ in numbers]
    for j, i, d in zip(
        graph["edge_src"], graph["edge_dst"], graph["edge_distance"], strict=True
    ):
        edges[i].append((j, d))
    filled = [row + [(0, 9.0)] * (slots - len(row)) for row in edges]
    src = np.array([j for row in filled for j, _ in row])
    length = np.array([d for row in filled for _, d in row])
    dst = np.repeat(np.arange(count), slots)
    gaussian = config["gaussian"]
    centers = gaussian["dmin"] + gaussian["step"] * np.arange(gaussian["num"])
    bond = np.exp(-((length[:, None] - centers) ** 2) / gaussian["var"] ** 2)
    for block in range(config["n_conv"]):
        z = np.concatenate([node[dst], node[src], bond], axis=1)
        z = draw.linear(f"convs.{block}.fc_full", z, 2 * node.shape[1])
        z = draw.batch_norm(f"convs.{block}.bn1", z)
        gate, core = np.split(z, 2, axis=1)
        received = summed(softplus(core) / (1 + np.exp(-gate)), dst, count)
        node = softplus(node + draw.batch_norm(f"convs.{block}.bn2", received))
    crystal = softplus(node.mean(axis=0, keepdims=True))
    crystal = softplus(draw.linear("conv_to_fc", crystal, config["h_fea_len"]))
    for layer in range(config["n_h"] - 1):
        crystal = softplus(draw.linear(f"fcs.{layer}", crystal, config["h_fea_len"]))
    value = draw.linear("fc_out", crystal, 1).item()
    target = config["target"]
    return {
        "normalised": [value],
        "prediction": [value * target["std"] + target["mean"]],
    }


def cogn(draw, config, case):
    graph, numbers = case["graph"], np.array(case["structure"]["atomic_numbers"])
    inputs = config["input_block_cfg"]
    args = inputs["edge_embedding_args"]
    src, dst = np.array(graph["edge_src"]), np.array(graph["edge_dst"])
    table = draw.get(
        "input_block.atom_embedding.atomic_number_embedding_layer/embeddings",
        119,
        inputs["node_size"],
    )
    columns = [
        draw.get(f"aux/{name}", 118)
        for name in (
            "atomic_mass",
            "atomic_radius",
            "electronegativity",
            "ionization_energy",
        )
    ]
    flags = draw.get("aux/oxidation_states", 118, 14)
    properties = np.column_stack([*columns, flags])[numbers - 1]
    node = np.concatenate([table[numbers - 1], properties], axis=1)
    node = draw.dense("input_block.atom_mlp.0", node, inputs["node_size"], swish=False)
    bins, most = args["bins_distance"], args["max_distance"]
    length = np.array(graph["edge_distance"])[:, None]
    centers = np.linspace(0, most, bins + 1)[1:]
    edge = np.exp(-((length - centers) ** 2) / (2 * most / bins))
    edge = draw.dense("input_block.edge_mlp.0", edge, inputs["edge_size"], swish=False)
    for number, block in enumerate(config["processing_blocks_cfg"]):
        message = np.concatenate([edge, node[dst], node[src]], axis=1)
        for layer, width in enumerate(block["edge_mlp"]["units"]):
            name = f"block.{number}.edge_mlp.{layer}"
            message = draw.dense(name, message, width)
        received = summed(message, dst, len(numbers))
        for layer, width in enumerate(block["node_mlp"]["units"]):
            name = f"block.{number}.node_mlp.{layer}"
            received = draw.dense(name, received, width)
        node = node + received
    crystal = node.mean(axis=0, keepdims=True)
    units = config["output_block_cfg"]["global_mlp"]["units"]
    for layer, width in enumerate(units):
        name = f"output_block.global_mlp.{layer}"
        last = layer == len(units) - 1
        crystal = draw.dense(name, crystal, width, swish=not last)
    return {"prediction": [crystal.item()]}


def cogn_config(config):
    config["input_block_cfg"].update(node_size=12, edge_size=10)
    args = config["input_block_cfg"]["edge_embedding_args"]
    args.update(bins_distance=9, max_distance=6.5)
    one, *_ = config["processing_blocks_cfg"]

    def mlp(*units, last="swish"):
        functions = ["swish"] * (len(units) - 1) + [last]
        return {"units": list(units), "activation": functions}

    config["processing_blocks_cfg"] = [
        {**one, "edge_mlp": mlp(7, 5), "node_mlp": mlp(8, 12)},
        {**one, "edge_mlp": mlp(12, 12, 12), "node_mlp": mlp(12)},
    ]
    config["output_block_cfg"]["global_mlp"] = mlp(6, 1, last="linear")


def cgcnn_config(config):
    config.update(atom_fea_len=14, n_conv=2, h_fea_len=9, n_h=3, orig_atom_fea_len=6)
    config["gaussian"].update(dmin=0.5, step=0.4, num=12, var=0.3)


@pytest.mark.parametrize(
    ("name", "program", "resize"),
    [("cgcnn", cgcnn, cgcnn_config), ("cogn", cogn, cogn_config)],
)
def test_other_sizes_need_no_new_code(folder, registry, change, name, program, resize):
    resized = folder(name, {"nacl_prim", "si_diamond", "co_in_box", "perov5_a"})
    config = json.loads((resized / "config.json").read_text())
    resize(config)
    draw = Drawn()

    def compute(case):
        case.update(output=program(draw, config, case), activations=[])

    change.cases(resized, compute)
    change.config(resized, **config)
    np.savez(resized / "weights.npz", **draw.weights)
    found = parity(resized, registry, name)
    assert max(found.worst.values()) < 1e-8  # edge_distance has ten digits
    assert len(found.cases) >= 3
