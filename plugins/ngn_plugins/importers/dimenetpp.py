"""DimeNet++ of torch-geometric."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from torch import Tensor

import ngn_core.api as ngn

ACTIVATIONS: Mapping[str, str] = {
    "swish": "silu",
    "silu": "silu",
    "relu": "relu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "softplus": "softplus",
}
"""Our names of torch-geometric's activation functions."""


class DimeNetPPImporter(ngn.Importer):
    """Checkpoints of `torch_geometric.nn.models.DimeNetPlusPlus` (arXiv 2011.14115).

    The reference holds the roots of the Bessel functions and their scale in float32.
    """

    name = "pyg_dimenetpp"
    architecture = "DimeNet++"
    spec = "literal/dimenetpp"
    tolerance = 1.0e-6

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, bases and the cutoff."""
        if config["act"] not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise ValueError(f"act: {config['act']}; expected one of {known}")
        if config["out_channels"] != 1:
            raise ValueError(f"out_channels: {config['out_channels']}; expected 1")
        output = {
            "output_width": config["out_emb_channels"],
            "output_layers": config["num_output_layers"],
            "outputs": config["out_channels"],
            "activation": ACTIVATIONS[config["act"]],
        }
        between = {"basis_width": config["basis_emb_size"]}
        interaction = {
            "use": "dimenetpp",
            "repeat": config["num_blocks"],
            "triplet_width": config["int_emb_size"],
            "before_skip": config["num_before_skip"],
            "after_skip": config["num_after_skip"],
            "nest": {"on": "edges", "use": "dimenetpp_triplet", **between},
            **between,
            **output,
        }
        first = {"use": "dimenetpp_embedding", **output}
        return {
            "graph.edges.cutoff": config["graph"]["cutoff"],
            "network.embed.node.width": config["hidden_channels"],
            "network.embed.edge.functions": config["num_radial"],
            "network.embed.edge.degrees": config["num_spherical"],
            "network.embed.edge.cutoff": config["cutoff"],
            "network.embed.edge.envelope": config["envelope_exponent"],
            "network.blocks": [first, interaction] if config["num_blocks"] else [first],
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict."""
        table = "embeddings.levels.node.table.weight"
        weights.make(table, ngn.by_number, "emb.emb.weight")
        weights.copy("rbf.freq", "embeddings.levels.edge.frequencies")
        weights.layer("emb.lin_rbf", "blocks.0.hooks.radial")
        weights.layer("emb.lin", "blocks.0.hooks.embed")
        for block in range(config["num_blocks"] + 1):
            _output(weights, block, config["num_output_layers"])
        for block in range(config["num_blocks"]):
            _interaction(weights, block, config)

    def graphs(self, case: ngn.Case, config: ngn.Config) -> Mapping[str, ngn.Given]:
        """Return the graph, with the triplets where they are listed."""
        given, graph = ngn.given_graph(case), case["graph"]
        if graph.get("triplet_edge_kj") is not None:
            listed = [graph["triplet_edge_kj"], graph["triplet_edge_ji"]]
            given = replace(given, pairs=np.array(listed, dtype=np.int64))
        return {"graph": given}

    def output(
        self, key: str, case: ngn.Case, config: ngn.Config
    ) -> Sequence[ngn.Output] | None:
        """Return the sum or the mean over the atoms, as the key says."""
        if key not in ("sum", "mean"):
            return None
        return [ngn.Output(overrides={"network.readout.pool": key})]

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of bases, messages and the atoms' outputs."""
        taps = {
            "edge_features/rbf": ngn.Tap("embeddings.levels.edge", _radial, "edge"),
            "triplet_features/angle": ngn.Tap(
                "embeddings.levels.angle", _onward, "angle", of="arguments"
            ),
            "triplet_features/sbf": ngn.Tap(
                "embeddings.levels.angle", ngn.basis_of, "angle"
            ),
        }
        for block in range(config["num_blocks"] + 1):
            name = "embedding" if block == 0 else f"interaction{block - 1}"
            module = f"blocks.{block}"
            taps[f"edge_features/{name}"] = ngn.Tap(module, ngn.edge_of, "edge")
            taps[f"atom_output/block{block}"] = ngn.Tap(module, ngn.node_of)
        return taps


def _radial(embedded: ngn.Embedded) -> Tensor:
    radial: Tensor = embedded.basis.radial
    return radial


def _onward(arguments: tuple[ngn.LevelBatch, ngn.Embedded]) -> Tensor:
    """Return the angle between the directions kj and ji, 0 straight on."""
    return math.pi - arguments[0].columns["angle"]


def _output(weights: ngn.Transfer, block: int, layers: int) -> None:
    theirs, ours = f"output_blocks.{block}", f"blocks.{block}.hooks.output"
    weights.layer(f"{theirs}.lin_rbf", f"{ours}.radial")
    weights.layer(f"{theirs}.lin_up", f"{ours}.up")
    for layer in range(layers):
        weights.layer(f"{theirs}.lins.{layer}", f"{ours}.layers.{layer}")
    weights.copy(f"{theirs}.lin.weight", f"{ours}.weight")


def _interaction(weights: ngn.Transfer, block: int, config: ngn.Config) -> None:
    theirs, ours = f"interaction_blocks.{block}", f"blocks.{block + 1}"
    hooks, nested = f"{ours}.hooks", f"{ours}.nested.0.hooks"
    for number in (1, 2):
        weights.layer(f"{theirs}.lin_rbf{number}", f"{hooks}.radial.{number - 1}")
        weights.layer(f"{theirs}.lin_sbf{number}", f"{nested}.spherical.{number - 1}")
    for name, layer in (
        ("lin_kj", "sent"),
        ("lin_ji", "kept"),
        ("lin_down", "down"),
        ("lin_up", "up"),
        ("lin", "skip"),
    ):
        weights.layer(f"{theirs}.{name}", f"{hooks}.{layer}")
    for side in ("before", "after"):
        for number in range(config[f"num_{side}_skip"]):
            residual = f"{theirs}.layers_{side}_skip.{number}"
            for name, layer in zip(
                ("lin1", "lin2"),
                ngn.mlp_layers(f"{hooks}.{side}.{number}.mlp", 2),
                strict=True,
            ):
                weights.layer(f"{residual}.{name}", layer)
