"""MEGNet of matgl."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import ngn_core.api as ngn
from ngn_plugins.importers.matgl import (
    activation_of,
    element_rows,
    first_of_bond,
    mlp,
)
from ngn_plugins.importers.matgl_state import (
    label_numbers,
    labels,
    split_key,
    state_embedding,
    state_of,
)


class MEGNetImporter(ngn.Importer):
    """Checkpoints of `matgl.models.MEGNet` (Chen et al. 2019)."""

    name = "matgl_megnet"
    architecture = "MEGNet"
    spec = "literal/megnet"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, Gaussians, the state, and the messages' direction."""
        if config.get("is_classification"):
            raise ValueError("is_classification: true: a probability has no unit")
        if config.get("bond_expansion") is not None:
            raise ValueError("bond_expansion: only matgl's own Gaussians are known")
        activation = activation_of(config)
        entry = {"layers": config["hidden_layer_sizes_input"], "activation": activation}
        node = {"use": "element", "width": config["dim_node_embedding"]}
        edge = {
            "use": "gaussian",
            "of": "length",
            "bins": config["dim_edge_embedding"],
            "start": 0.0,
            "stop": config["cutoff"] + 1.0,
            "at_start": True,
            "sigma": (0.5 / config["gauss_width"]) ** 0.5,
        }
        embed = {
            "node": {"use": "mlp", "of": node, **entry},
            "edge": {"use": "mlp", "of": edge, **entry},
        }
        if config["include_state"]:
            embed["state"] = {"use": "mlp", "of": state_embedding(config), **entry}
        block = {
            "use": "megnet",
            "layers": config["hidden_layer_sizes_conv"],
            "activation": activation,
            "first": first_of_bond(config),
        }
        blocks = [{**block, "dense": None}]
        if config["nblocks"] > 1:
            dense = config["hidden_layer_sizes_input"]
            blocks.append({**block, "dense": dense, "repeat": config["nblocks"] - 1})
        return {
            "graph.edges.cutoff": config["cutoff"],
            "network.embed": embed,
            "network.blocks": blocks,
            "network.readout.pool": "mean",
            "network.readout.steps": config["niters_set2set"],
            "network.readout.layers": config["nlayers_set2set"],
            "network.head.layers": [*config["hidden_layer_sizes_output"], 1],
            "network.head.activation": activation,
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict."""
        levels = ["node", "edge"]
        weights.make(
            "embeddings.levels.node.part.table.weight",
            lambda table: element_rows(table, config),
            "embedding.layer_node_embedding.weight",
        )
        entry = len(config["hidden_layer_sizes_input"])
        for level in levels:
            mlp(weights, f"{level}_encoder", f"embeddings.levels.{level}.mlp", entry)
        if config["include_state"]:
            levels.append("state")
            mlp(weights, "state_encoder", "embeddings.state.mlp", entry)
            if labels(config):
                weights.copy(
                    "embedding.layer_state_embedding.weight",
                    "embeddings.state.part.table.weight",
                )
        depth = len(config["hidden_layer_sizes_conv"])
        for block in range(config["nblocks"]):
            theirs, ours = f"blocks.{block}", f"blocks.{block}.hooks"
            for level in levels:
                name = f"{theirs}.conv.{level}_func"
                mlp(weights, name, f"{ours}.phi_{level}", depth)
                if block > 0:
                    name = f"{theirs}.{level}_func"
                    mlp(weights, name, f"{ours}.dense.{level}", entry)
        for level in ("node", "edge"):
            for layer in range(config["nlayers_set2set"]):
                for array in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                    weights.copy(
                        f"{level}_s2s.lstm.{array}_l{layer}",
                        f"readout.{level}_pool.cells.{layer}.{array}",
                    )
        head = len(config["hidden_layer_sizes_output"]) + 1
        mlp(weights, "output_proj", "head.mlp", head)
        centers = "bond_expansion.rbf.centers"
        if centers in weights:
            weights.copy(centers, "embeddings.levels.edge.part.centers")

    def output(
        self, key: str, case: ngn.Case, config: ngn.Config
    ) -> Sequence[ngn.Output] | None:
        """Return the network's number, for one label of the state or for each."""
        names = labels(config)
        what, label = split_key(key)
        outputs = super().output(what if names else key, case, config)
        if outputs is None or (label and not names):
            return None
        (output,) = outputs
        if names:
            numbers = label_numbers(key, case, config)
            return [replace(output, state=float(number)) for number in numbers]
        own = state_of(case)
        if own is None or not config["include_state"]:
            return [output]
        return [replace(output, overrides={"network.embed.state.of.values": own})]

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of encoders, blocks and the readout."""
        taps = {
            "readout": ngn.Tap("readout", ngn.whole, "crystal"),
            "edge_features/gaussian": ngn.Tap(
                "embeddings.levels.edge.part", ngn.features_of, "edge"
            ),
            "edge_features/encoder": ngn.Tap(
                "embeddings.levels.edge", ngn.features_of, "edge"
            ),
            "atom_features/encoder": ngn.Tap("embeddings.levels.node", ngn.features_of),
        }
        if config["include_state"]:
            taps["state_features/encoder"] = ngn.Tap(
                "embeddings.state", ngn.features_of, "crystal"
            )
        for number in range(config["nblocks"]):
            block = f"blocks.{number}"
            taps[f"edge_features/block{number}"] = ngn.Tap(block, ngn.edge_of, "edge")
            taps[f"atom_features/block{number}"] = ngn.Tap(block, ngn.node_of)
            if config["include_state"]:
                taps[f"state_features/block{number}"] = ngn.Tap(
                    block, ngn.state_of, "crystal"
                )
        return taps
