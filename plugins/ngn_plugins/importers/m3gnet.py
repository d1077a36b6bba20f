"""M3GNet of matgl."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ngn_core.api as ngn
from ngn_plugins.importers.matgl import (
    activation_of,
    element_rows,
    first_of_bond,
    mlp,
)
from ngn_plugins.importers.refuse import refuse

NOT_HERE: Mapping[str, Any] = {
    "rbf_type": "SphericalBessel",
    "use_smooth": False,
    "use_phi": False,
    "include_state": False,
    "task_type": "regression",
    "ntargets": 1,
}
"""What a checkpoint of M3GNet may say, and the one value that is known here."""

SET2SET = 3
"""Rounds, and layers of the LSTM, where the checkpoint says nothing: matgl's own."""


class M3GNetImporter(ngn.Importer):
    """Checkpoints of `matgl.models.M3GNet` (Chen & Ong 2022)."""

    name = "matgl_m3gnet"
    architecture = "M3GNet"
    spec = "literal/m3gnet"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, cutoffs, readout, and the messages' direction."""
        refuse(config, NOT_HERE)
        first, inner = first_of_bond(config), config["threebody_cutoff"]
        nest = {"on": "edges", "use": "m3gnet_three_body", "cutoff": inner}
        activation = activation_of(config)
        units, degrees = config["units"], config["max_l"]
        bessel = {
            "use": "spherical_bessel",
            "degrees": degrees,
            "functions": config["max_n"],
            "cutoff": config["cutoff"],
        }
        return {
            "graph.edges.cutoff": config["cutoff"],
            "graph.nest": [{"use": first, "cutoff": inner}],
            "network.embed.node.width": config["dim_node_embedding"],
            "network.embed.edge": {
                "use": "mlp",
                "of": {"use": "basis", "of": bessel, "features": True},
                "layers": [config["dim_edge_embedding"]],
                "activation": activation,
            },
            "network.embed.angle": {
                "use": "harmonics",
                "degrees": degrees,
                "clamp": 1e-7,
            },
            "network.blocks": [
                {
                    "use": "m3gnet",
                    "repeat": config["nblocks"],
                    "layers": [units, units],
                    "activation": activation,
                    "first": first,
                    "nest": nest,
                }
            ],
            **_readout(config, activation),
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict."""
        weights.make(
            "embeddings.levels.node.table.weight",
            lambda table: element_rows(table, config),
            "embedding.layer_node_embedding.weight",
        )
        edge = "embeddings.levels.edge.mlp.first"
        weights.layer("embedding.layer_edge_embedding.layers.0", edge)
        for block in range(config["nblocks"]):
            theirs, ours = f"three_body_interactions.{block}", f"blocks.{block}.hooks"
            weights.layer(f"{theirs}.update_network_atom.layers.0", f"{ours}.far")
            gated_mlp(weights, f"{theirs}.update_network_bond", f"{ours}.near", 1)
            theirs = f"graph_layers.{block}.conv"
            for level in ("edge", "node"):
                name = f"{ours}.phi_{level}"
                gated_mlp(weights, f"{theirs}.{level}_update_func", name, 3)
                name = f"{ours}.{level}_weight"
                weights.layer(f"{theirs}.{level}_weight_func", name)
        for name in ("frequencies", "centers"):
            weights.skip(f"bond_expansion.rbf.{name}", "the spec has the basis")
        _pooling(weights, config)

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of bases, edges, atoms and the readout."""
        taps = {
            "edge_features/rbf": ngn.Tap(
                "embeddings.levels.edge", ngn.basis_of, "edge"
            ),
            "edge_features/embedding": ngn.Tap(
                "embeddings.levels.edge", ngn.features_of, "edge"
            ),
            "atom_features/embedding": ngn.Tap(
                "embeddings.levels.node", ngn.features_of
            ),
            "readout": ngn.Tap("readout", ngn.whole, "crystal"),
        }
        for block in range(config["nblocks"]):
            name = f"blocks.{block}"
            taps[f"edge_features/after_threebody{block}"] = ngn.Tap(
                f"{name}.hooks.phi_edge", _edge_given, "edge", "arguments"
            )
            taps[f"edge_features/block{block}"] = ngn.Tap(name, ngn.edge_of, "edge")
            taps[f"atom_features/block{block}"] = ngn.Tap(name, ngn.node_of)
        return taps


def _edge_given(arguments: Any) -> Any:
    """Return the edges that the update of a block's edges is given."""
    return arguments[2]


def gated_mlp(weights: ngn.Transfer, theirs: str, ours: str, count: int) -> None:
    """Carry over matgl's `GatedMLP` of so many layers."""
    for part, name in (("layers", "value"), ("gates", "gate")):
        for layer, linear in enumerate(ngn.mlp_layers(f"{ours}.{name}", count)):
            weights.layer(f"{theirs}.{part}.{2 * layer}", linear)


def _readout(config: ngn.Config, activation: str) -> dict[str, Any]:
    """Return readout and head, by key of the spec."""
    units, kind = config["units"], config["readout_type"]
    pooled = _field(config)
    if not config["is_intensive"]:
        layers = [config["dim_node_embedding"], units, units, 1]
        readout = {"use": "atomwise", "layers": layers, "gated": True, "pool": "sum"}
        readout["activation"] = "silu"
        return {"network.readout": readout, "network.head": None}
    readout = {"use": "mean"}
    if kind == "set2set":
        readout = {
            "use": "set2set",
            "of": f"{pooled}s",
            "pool": "mean",
            "steps": config.get("niters_set2set", SET2SET),
            "layers": config.get("nlayers_set2set", SET2SET),
        }
    elif kind == "weighted_atom":
        layers = [units, units]
        readout = {"use": "weighted", "layers": layers, "activation": activation}
        old = first_of_bond(config) == "sender"  # matgl up to 2.0
        readout |= {
            "weight_layers": [] if old else [units],
            "pool": "sum" if old else "mean",
            "whole": old,
        }
    elif pooled != "node":
        raise ValueError(f"field: {pooled}_feat; readout_type: {kind} is of nodes here")
    head = {"use": "mlp", "layers": [units, units, 1], "activation": activation}
    return {"network.readout": readout, "network.head": head}


def _pooling(weights: ngn.Transfer, config: ngn.Config) -> None:
    """Carry over readout and head."""
    if not config["is_intensive"]:
        gated_mlp(weights, "final_layer.gated", "readout.mlp", 4)
        return
    if config["readout_type"] == "set2set":
        for layer in range(config.get("nlayers_set2set", SET2SET)):
            for array in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                weights.copy(
                    f"readout.set2set.lstm.{array}_l{layer}",
                    f"readout.{_field(config)}_pool.cells.{layer}.{array}",
                )
    elif config["readout_type"] == "weighted_atom":
        mlp(weights, "readout.mlp", "readout.value", 2)
        if first_of_bond(config) == "sender":
            weights.layer("readout.weight.0", "readout.weight.first")
        else:
            mlp(weights, "readout.weight", "readout.weight", 2)
    mlp(weights, "final_layer", "head.mlp", 3)


def _field(config: ngn.Config) -> str:
    """Return whether nodes or edges are pooled: node or edge."""
    field: str = config.get("field", "node_feat")
    if field not in ("node_feat", "edge_feat"):
        raise ValueError(f"field: {field!r}; expected node_feat or edge_feat")
    return field.removesuffix("_feat")
