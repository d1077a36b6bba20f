"""ALIGNN of the package `alignn`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch

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
    "extra_features": 0,
    "output_features": 1,
    "batch_norm_eps": 1e-5,
}
"""What a checkpoint of this package may say, and the one value that is known here."""

PARTS = [
    f"{module}.{array}"
    for module in (
        *("src_gate", "dst_gate", "edge_gate", "src_update", "dst_update"),
        *("bn_nodes", "bn_edges"),
    )
    for array in ("weight", "bias", "running_mean", "running_var")
]
"""Arrays that a convolution may have."""


class ALIGNNImporter(ngn.Importer):
    """Checkpoints of `alignn.models.alignn.ALIGNN` (Choudhary & DeCost 2021).

    Its layers are shifted by half here: the line graph's convolution of one layer and
    the atoms' convolution of the next are one block.
    """

    name = "authors_alignn"
    architecture = "ALIGNN"
    spec = "literal/alignn"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, Gaussians and the number of neighbors."""
        refuse(config, NOT_HERE)
        if not convolutions(config):
            raise ValueError("alignn_layers and gcn_layers: 0; expected a layer")
        hidden = config["hidden_features"]
        layers = [config["embedding_features"], hidden]
        nested = nested_blocks(config)
        blocks: list[dict[str, Any]] = [{"use": "alignn"}]
        if nested:
            nest = {"on": "edges", "use": "alignn"}
            blocks.append({"use": "alignn", "repeat": nested, "nest": nest})
        plain = len(convolutions(config)) - 1 - nested
        if plain:
            blocks.append({"use": "alignn", "repeat": plain})
        return {
            **neighbor_options(config),
            "network.embed.node.of.width": config["atom_input_features"],
            "network.embed.node.layers": [hidden],
            "network.embed.edge.of.bins": config["edge_input_features"],
            "network.embed.edge.layers": layers,
            "network.embed.angle.of.bins": config["triplet_input_features"],
            "network.embed.angle.layers": layers,
            "network.blocks": blocks,
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict."""
        atom_features(weights, "embeddings.levels.node.part.table.weight")
        for level, theirs in (
            ("node", ["atom_embedding"]),
            ("edge", ["edge_embedding.1", "edge_embedding.2"]),
            ("angle", ["angle_embedding.1", "angle_embedding.2"]),
        ):
            ours = f"embeddings.levels.{level}"
            linears = ngn.mlp_layers(f"{ours}.mlp", len(theirs))
            for number, (name, linear) in enumerate(zip(theirs, linears, strict=True)):
                weights.layer(f"{name}.layer.0", linear)
                weights.layer(f"{name}.layer.1", f"{ours}.norms.{number}")
        check_centers(weights, "edge_embedding.0.centers", 0.0, 8.0)
        check_centers(weights, "angle_embedding.0.centers", -1.0, 1.0)
        for block, name in enumerate(convolutions(config)):
            _convolution(weights, name, f"blocks.{block}.hooks")
        for layer in range(nested_blocks(config)):
            ours = f"blocks.{layer + 1}.nested.0.hooks"
            _convolution(weights, f"alignn_layers.{layer}.edge_update", ours)
        for layer in range(nested_blocks(config), config["alignn_layers"]):
            for part in PARTS:
                weights.skip(
                    f"alignn_layers.{layer}.edge_update.{part}", "no atom sees it"
                )
        weights.layer("fc", "head.mlp.first")

    def graphs(self, case: ngn.Case, config: ngn.Config) -> Mapping[str, ngn.Given]:
        """Return the graph, with the line edges where they are listed."""
        given = ngn.given_graph(case)
        listed = case["graph"].get("line_edge_index")
        if listed is not None:
            pairs = np.array(listed, dtype=np.int64).reshape(-1, 2)
            given = replace(given, pairs=pairs.T[::-1])
        return {"graph": given}

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of all levels, after the embeddings and every layer."""
        embedded = "embeddings.levels"
        taps = {
            "atom_features/embedding": ngn.Tap(f"{embedded}.node", ngn.features_of),
            "edge_features/embedding": ngn.Tap(
                f"{embedded}.edge", ngn.features_of, "edge"
            ),
            "angle_features/embedding": ngn.Tap(
                f"{embedded}.angle", ngn.features_of, "angle"
            ),
        }
        layers = config["alignn_layers"]
        for block in range(len(convolutions(config))):
            of_line = block < layers
            name = f"alignn{block}" if of_line else f"gcn{block - layers}"
            taps[f"atom_features/{name}"] = ngn.Tap(f"blocks.{block}", ngn.node_of)
            if not of_line:
                tap = ngn.Tap(f"blocks.{block}", ngn.edge_of, "edge")
                taps[f"edge_features/{name}"] = tap
        for layer in range(nested_blocks(config)):
            nested = f"blocks.{layer + 1}.nested.0"
            edges = ngn.Tap(nested, ngn.node_of, "edge")
            angles = ngn.Tap(nested, ngn.edge_of, "angle")
            taps[f"edge_features/alignn{layer}"] = edges
            taps[f"angle_features/alignn{layer}"] = angles
        return taps


def convolutions(config: ngn.Config) -> list[str]:
    """Return the convolutions of the crystal's graph, in order."""
    lines, plain = config["alignn_layers"], config["gcn_layers"]
    return [
        *(f"alignn_layers.{layer}.node_update" for layer in range(lines)),
        *(f"gcn_layers.{layer}" for layer in range(plain)),
    ]


def nested_blocks(config: ngn.Config) -> int:
    """Return how many convolutions of the line graph an atom sees."""
    layers: int = config["alignn_layers"]
    return min(layers, len(convolutions(config)) - 1)


def _convolution(weights: ngn.Transfer, theirs: str, ours: str) -> None:
    """Carry over an edge-gated convolution; its three gates are one linear layer.

    Their `dst_gate` is of the receiver, but their `dst_update` of the sender.
    """
    gates = [f"{theirs}.{name}_gate" for name in ("dst", "src", "edge")]
    weights.make(
        f"{ours}.gate.weight",
        lambda *parts: torch.cat(parts, dim=1),
        *(f"{gate}.weight" for gate in gates),
    )
    weights.make(
        f"{ours}.gate.bias",
        lambda *biases: torch.stack(biases).sum(0),
        *(f"{gate}.bias" for gate in gates),
    )
    weights.layer(f"{theirs}.dst_update", f"{ours}.sent")
    weights.layer(f"{theirs}.src_update", f"{ours}.kept")
    weights.layer(f"{theirs}.bn_edges", f"{ours}.edge_norm")
    weights.layer(f"{theirs}.bn_nodes", f"{ours}.node_norm")
