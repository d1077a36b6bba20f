"""Networks of shipped specs with the weights of published implementations."""

import re

import pytest
import torch

from ngn_core.crystal.elements import number_of

TOLERANCE = 1e-7  # of max(|reference|, median |reference|)


def deviation(output, reference):
    scale = reference.abs().clamp(min=reference.abs().median())
    return ((output.squeeze(1) - reference).abs() / scale).max().item()


def load(network, weights):
    """Load the weights, which must be all that the network has."""
    network.load_state_dict(weights)
    return network


def rows(table, numbers, size=119):
    """Rows by atomic number; reading one that the reference lacks gives NaN."""
    filled = table.new_full((size, table.shape[1]), torch.nan)
    filled[torch.as_tensor(numbers)] = table
    return filled


def layers(name, count):
    """The names of an MLP's layers."""
    return [f"{name}.first", *(f"{name}.rest.{layer}" for layer in range(count - 1))]


def renamed(weights, names):
    """The torch layers of the reference by our names, from name to name."""
    return {
        f"{ours}.{array}": weights[f"{theirs}.{array}"]
        for theirs, ours in names.items()
        for array in ("weight", "bias", "running_mean", "running_var")
        if f"{theirs}.{array}" in weights
    }


def cgcnn(weights):
    names = {"conv_to_fc": "head.mlp.first", "fc_out": "head.mlp.rest.0"}
    for block in range(4):
        ours, theirs = f"blocks.{block}.hooks", f"convs.{block}"
        names[f"{theirs}.fc_full"] = f"{ours}.gate_and_core"
        names[f"{theirs}.bn1"] = f"{ours}.edge_norm"
        names[f"{theirs}.bn2"] = f"{ours}.node_norm"
    features = weights["aux/atom_init"]
    table = features @ weights["embedding.weight"].T + weights["embedding.bias"]
    table = rows(table, range(len(table)))
    return renamed(weights, names) | {"embeddings.levels.node.table.weight": table}


def schnet(weights):
    names = {"lin1": "readout.mlp.first", "lin2": "readout.mlp.rest.0"}
    for block in range(6):
        ours, theirs = f"blocks.{block}.hooks", f"interactions.{block}"
        names[f"{theirs}.mlp.0"] = f"{ours}.filter.first"
        names[f"{theirs}.mlp.2"] = f"{ours}.filter.rest.0"
        names[f"{theirs}.conv.lin1"] = f"{ours}.sent"
        names[f"{theirs}.conv.lin2"] = f"{ours}.received"
        names[f"{theirs}.lin"] = f"{ours}.update"
    table = weights["embedding.weight"]
    table = rows(table, range(len(table)))
    return renamed(weights, names) | {"embeddings.levels.node.table.weight": table}


def megnet(weights, elements):
    mlps = {"output_proj": ("head.mlp", 3)}
    for level in ("node", "edge"):
        mlps[f"{level}_encoder"] = (f"embeddings.levels.{level}.mlp", 2)
    mlps["state_encoder"] = ("embeddings.state.mlp", 2)
    for block in range(3):
        for part in ("node", "edge", "state"):
            ours, theirs = f"blocks.{block}.hooks", f"blocks.{block}"
            mlps[f"{theirs}.conv.{part}_func"] = (f"{ours}.phi_{part}", 3)
            if block > 0:
                mlps[f"{theirs}.{part}_func"] = (f"{ours}.dense.{part}", 2)
    names = {
        f"{theirs}.layers.{2 * layer}": name
        for theirs, (ours, count) in mlps.items()
        for layer, name in enumerate(layers(ours, count))
    }
    pools = {
        re.sub(r"(\w+)_s2s.lstm.(\w+)_l0", r"readout.\1_pool.cells.0.\2", name): array
        for name, array in weights.items()
        if "s2s" in name
    }
    numbers = [number_of(symbol) for symbol in elements]
    table = rows(weights["embedding.layer_node_embedding.weight"], numbers)
    rest = {"embeddings.levels.node.part.table.weight": table}
    return renamed(weights, names) | pools | rest


def cogn(weights, blocks, message_layers, node_layers, head_layers):
    dense = {
        "input_block.atom_mlp.0": "embeddings.levels.node.linear",
        "input_block.edge_mlp.0": "embeddings.levels.edge.linear",
    }
    mlps = {"output_block.global_mlp": ("head.mlp", head_layers)}
    for block in range(blocks):
        ours = f"blocks.{block}.hooks"
        mlps[f"block.{block}.edge_mlp"] = (f"{ours}.message_mlp", message_layers)
        mlps[f"block.{block}.node_mlp"] = (f"{ours}.node_mlp", node_layers)
        inner = f"block.{block}.nested_gn.block.0"
        if f"{inner}.node_gate/kernel" in weights:
            ours = f"blocks.{block}.nested.0.hooks"
            mlps[f"{inner}.edge_mlp"] = (f"{ours}.message_mlp", 2)
            mlps[f"{inner}.node_mlp"] = (f"{ours}.node_mlp", 2)
    for theirs, (ours, count) in mlps.items():
        for layer, name in enumerate(layers(ours, count)):
            dense[f"{theirs}.{layer}"] = name
    loaded = {}
    for theirs, ours in dense.items():
        loaded[f"{ours}.weight"] = weights[f"{theirs}/kernel"].T
        loaded[f"{ours}.bias"] = weights[f"{theirs}/bias"]
    name = "input_block.atom_embedding.atomic_number_embedding_layer/embeddings"
    loaded["embeddings.levels.node.table.weight"] = weights[name]
    loaded["embeddings.levels.node.properties"] = element_table(weights)
    return loaded


def element_table(weights):
    """The table of these outputs, made under a pandas that imputed nothing."""
    names = ("atomic_mass", "atomic_radius", "electronegativity", "ionization_energy")
    columns = [weights[f"aux/{name}"] for name in names]
    table = [torch.stack(columns, dim=1), weights["aux/oxidation_states"]]
    return torch.cat(table, dim=1)


def gates(weights, blocks):
    """Keras orders update, reset, candidate; torch reset, update, candidate."""

    def reordered(array):
        update, reset, candidate = array.chunk(3)
        return torch.cat([reset, update, candidate])

    loaded = {}
    for block in range(blocks):
        ours = f"blocks.{block}.nested.0.hooks.gate.cell"
        theirs = f"block.{block}.nested_gn.block.0.node_gate"
        loaded[f"{ours}.weight_ih"] = reordered(weights[f"{theirs}/kernel"].T)
        loaded[f"{ours}.weight_hh"] = reordered(weights[f"{theirs}/recurrent_kernel"].T)
        inputs, recurrent = weights[f"{theirs}/bias"]
        loaded[f"{ours}.bias_ih"] = reordered(inputs)
        loaded[f"{ours}.bias_hh"] = reordered(recurrent)
    return loaded


@torch.no_grad()
def test_cgcnn_agrees_with_its_authors_implementation(reference, network_of, graphs):
    given = reference("cgcnn")
    network = load(network_of("cgcnn"), cgcnn(given.weights))
    output = network(given.batch(graphs["padded"]))
    assert deviation(output, given.output("normalised")) < TOLERANCE
    assert deviation(given.unscaled(output), given.output("prediction")) < TOLERANCE


@pytest.mark.parametrize("pool", ["sum", "mean"])
@torch.no_grad()
def test_schnet_agrees_with_torch_geometric(reference, network_of, pool):
    given = reference("schnet")
    network = network_of("schnet", f"network.readout.pool={pool}")
    output = load(network, schnet(given.weights))(given.batch())
    assert deviation(output, given.output(pool)) < TOLERANCE


@torch.no_grad()
def test_megnet_agrees_with_matgl(reference, network_of):
    given = reference("megnet")
    weights = megnet(given.weights, given.config["element_types"])
    output = load(network_of("megnet"), weights)(given.batch())
    assert deviation(output, given.output("normalised")) < TOLERANCE
    assert deviation(given.unscaled(output), given.output("prediction")) < TOLERANCE


@torch.no_grad()
def test_cogn_agrees_with_its_authors_implementation(reference, network_of, graphs):
    given = reference("cogn")
    weights = cogn(given.weights, 5, 5, 1, 1)
    network = load(network_of("cogn"), weights)
    assert deviation(network(given.batch()), given.output("prediction")) < TOLERANCE
    output = network(given.batch(graphs["asymmetric_unit"]))
    assert deviation(output, given.output("prediction_asu")) < TOLERANCE


@torch.no_grad()
def test_congn_agrees_with_its_authors_implementation(reference, network_of, graphs):
    given = reference("congn")
    sizes = [
        "network.embed.node.width=64",
        "network.embed.edge.width=64",
        "network.blocks.0.repeat=3",
        "network.head.layers=[64, 1]",
    ]
    weights = cogn(given.weights, 3, 4, 4, 2) | gates(given.weights, 3)
    network = load(network_of("congn", *sizes), weights)
    output = network(given.batch(nested=True))
    assert deviation(output, given.output("prediction")) < TOLERANCE
    output = network(given.batch(graphs["asymmetric_unit"], nested=True))
    assert deviation(output, given.output("prediction_asu")) < TOLERANCE
