"""Matformer of the authors' repository (`YKQ98/Matformer`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ngn_core.api as ngn
from ngn_plugins.importers.jarvis import (
    atom_features,
    check_centers,
    neighbor_options,
)
from ngn_plugins.importers.refuse import refuse

NOT_HERE: Mapping[str, Any] = {
    "link": "identity",
    "zero_inflated": False,
    "classification": False,
    "output_features": 1,
    "edge_layers": 0,
    "nn_based": False,
    "use_angle": False,
}
"""What a checkpoint may say, and the one value that is known here."""

LAYERS: Mapping[str, str] = {
    "lin_query": "query",
    "lin_key": "key",
    "lin_value": "value",
    "lin_edge": "edge",
    "layer_norm": "gate_norm",
    "lin_msg_update": "joined",
    "msg_layer.0": "narrow",
    "msg_layer.1": "message_norm",
    "lin_concate": "heads",
    "bn": "node_norm",
    "lin_skip": "skip",
}
"""Our names of a layer's parts, by theirs."""


class MatformerImporter(ngn.Importer):
    """Checkpoints of Yan et al. 2022 (arXiv 2209.11807)."""

    name = "authors_matformer"
    architecture = "Matformer"
    spec = "literal/matformer"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, Gaussians, neighbors and own images."""
        refuse(config, NOT_HERE)
        width = config["node_features"]
        return {
            **neighbor_options(config),
            "graph.edges.lattice": config["graph"]["use_lattice"],
            "network.embed.node.of.width": config["atom_input_features"],
            "network.embed.node.layers": [width],
            "network.embed.edge.of.bins": config["edge_features"],
            "network.embed.edge.layers": [width, width],
            "network.blocks.0.repeat": config["conv_layers"],
            "network.blocks.0.heads": config["node_layer_head"],
            "network.head.layers": [config["fc_features"], 1],
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict."""
        node, edge = "embeddings.levels.node", "embeddings.levels.edge"
        atom_features(weights, f"{node}.part.table.weight")
        weights.layer("atom_embedding", f"{node}.mlp.first")
        check_centers(weights, "rbf.0.centers", 0.0, 8.0)
        weights.layer("rbf.1", f"{edge}.mlp.first")
        weights.layer("rbf.3", f"{edge}.mlp.rest.0")
        for block in range(config["conv_layers"]):
            for theirs, ours in LAYERS.items():
                weights.layer(
                    f"att_layers.{block}.{theirs}", f"blocks.{block}.hooks.{ours}"
                )
        weights.layer("fc.0", "head.mlp.first")
        weights.layer("fc_out", "head.mlp.rest.0")

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of embeddings, layers and the readout."""
        taps = {
            "atom_features/embedding": ngn.Tap(
                "embeddings.levels.node", ngn.features_of
            ),
            "edge_features/rbf": ngn.Tap(
                "embeddings.levels.edge", ngn.features_of, "edge"
            ),
            "readout/fc": ngn.Tap("head.mlp.activation", ngn.whole, "crystal"),
        }
        for block in range(config["conv_layers"]):
            name = f"atom_features/layer{block}"
            taps[name] = ngn.Tap(f"blocks.{block}", ngn.node_of)
        return taps
