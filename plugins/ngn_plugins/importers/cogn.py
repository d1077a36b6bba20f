"""coGN and coNGN of kgcnn."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

import ngn_core.api as ngn
from ngn_plugins.importers.kgcnn import asymmetric_unit, gate, line_edges, mlp, units

PROPERTIES = ("atomic_mass", "atomic_radius", "electronegativity", "ionization_energy")


class CoGNImporter(ngn.Importer):
    """Checkpoints of `kgcnn.literature.coGN` without nesting (Ruff et al. 2024)."""

    name = "kgcnn_cogn"
    architecture = "coGN"
    spec = "literal/cogn"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth and Gaussians."""
        inputs, blocks = config["input_block_cfg"], config["processing_blocks_cfg"]
        args = inputs["edge_embedding_args"]
        if args["distance_log_base"] != 1.0:
            raise ValueError(
                f"distance_log_base: {args['distance_log_base']}: expected 1.0, "
                "Gaussians with equal gaps"
            )
        for key in (*PROPERTIES, "oxidation_states"):
            if not inputs[key]:
                raise ValueError(f"input_block_cfg.{key}: {inputs[key]}; expected true")
        head = config["output_block_cfg"]["global_mlp"]
        return {
            "network.embed.node.width": inputs["node_size"],
            "network.embed.edge.width": inputs["edge_size"],
            "network.embed.edge.of.0.bins": args["bins_distance"],
            "network.embed.edge.of.0.stop": args["max_distance"],
            "network.blocks": [_block(block) for block in blocks],
            "network.readout": "mean",
            "network.head.layers": units(head, last="linear"),
            **_edges(config, "neighbors", r"k = (\d+)"),
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the layers, and the tables of element properties."""
        name = "input_block.atom_embedding.atomic_number_embedding_layer/embeddings"
        weights.copy(name, "embeddings.levels.node.table.weight")
        arrays = [f"aux/{name}" for name in (*PROPERTIES, "oxidation_states")]
        weights.make("embeddings.levels.node.properties", _table, *arrays)
        for level, theirs in (("node", "atom_mlp"), ("edge", "edge_mlp")):
            weights.dense(
                f"input_block.{theirs}.0", f"embeddings.levels.{level}.linear"
            )
        for number, block in enumerate(config["processing_blocks_cfg"]):
            theirs, ours = f"block.{number}", f"blocks.{number}"
            _mlps(weights, theirs, f"{ours}.hooks", block)
            for place, nested in enumerate(block["nested_blocks_cfgs"] or ()):
                inner = f"{theirs}.nested_gn.block.{place}"
                hooks = f"{ours}.nested.{place}.hooks"
                _mlps(weights, inner, hooks, nested)
                gate(weights, f"{inner}.node_gate", f"{hooks}.gate.cell")
        mlp(
            weights,
            "output_block.global_mlp",
            "head.mlp",
            config["output_block_cfg"]["global_mlp"],
        )

    def graphs(self, case: ngn.Case, config: ngn.Config) -> Mapping[str, ngn.Given]:
        """Return the unit cell's graph and the asymmetric unit's."""
        return {"graph": ngn.given_graph(case), "asu_graph": asymmetric_unit(case)}

    def output(
        self, key: str, case: ngn.Case, config: ngn.Config
    ) -> Sequence[ngn.Output] | None:
        """Return the prediction for the unit cell, or for the asymmetric unit."""
        if key == "prediction_asu":
            return [ngn.Output(graph="asu_graph")]
        return super().output(key, case, config)

    def own_graphs(self, config: ngn.Config) -> Mapping[str, Mapping[str, Any]]:
        """Return that the spec builds the asymmetric unit, and can build the cell."""
        return {"graph": ngn.AS_GIVEN, "asu_graph": {}}

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of the input and of each block."""
        taps = {
            "edge_features/input_block": ngn.Tap(
                "embeddings.levels.edge", ngn.features_of, "edge"
            ),
            "atom_features/input_block": ngn.Tap(
                "embeddings.levels.node", ngn.features_of
            ),
        }
        for block in range(len(config["processing_blocks_cfg"])):
            taps[f"atom_features/block{block}"] = ngn.Tap(
                f"blocks.{block}", ngn.node_of
            )
        return taps


class CoNGNImporter(CoGNImporter):
    """Checkpoints of `kgcnn.literature.coGN` with a nested line graph."""

    name = "kgcnn_congn"
    architecture = "coNGN"
    spec = "literal/congn"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth and Gaussians, of the facets too."""
        args = config["input_block_cfg"]["edge_embedding_args"]
        return {
            **super().overrides(config),
            **_edges(config, "min_area", r"min_ridge_area (\S+)"),
            "network.embed.edge.of.1.bins": args["bins_voronoi_area"],
            "network.embed.edge.of.1.stop": args["max_voronoi_area"],
        }

    def graphs(self, case: ngn.Case, config: ngn.Config) -> Mapping[str, ngn.Given]:
        """Return both graphs with the areas of their facets and their line edges."""
        area = {"voronoi_ridge_area": "area"}
        return {
            "graph": ngn.given_graph(case, area, line_edges(case["graph"])),
            "asu_graph": asymmetric_unit(case, area),
        }

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of the input and of each block."""
        angle = ngn.Tap("embeddings.levels.angle", _angle, "angle", "arguments")
        return {**super().taps(config), "line_features/angle": angle}


def _angle(arguments: Any) -> Any:
    """Return the angles that their embedding is given, [A]."""
    rows, _ = arguments
    return rows.columns["angle"]


def _edges(config: ngn.Config, option: str, pattern: str) -> dict[str, float]:
    """Return an option of the graph constructor, where `graph.kind` tells it."""
    found = re.search(pattern, (config.get("graph") or {}).get("kind", ""))
    return {f"graph.edges.{option}": json.loads(found[1])} if found else {}


def _block(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block of the spec."""
    wanted = {
        "aggregate_edges_local": "sum",
        "return_updated_edges": False,
        "residual_node_update": config["node_gate"] is None,
        "edge_gate": None,
        "update_edges_input": [True, True, True, False],
        "update_nodes_input": [True, False, False],
    }
    for key, value in wanted.items():
        if config[key] != value:
            raise ValueError(f"{key}: found {config[key]!r}; expected {value!r}")
    layers = {
        "message_layers": units(config["edge_mlp"]),
        "node_layers": units(config["node_mlp"]),
    }
    nested = config["nested_blocks_cfgs"] or ()
    gated = config["node_gate"]
    if len(nested) > (gated is None):
        raise ValueError(
            f"nested_blocks_cfgs: found {len(nested)} blocks; expected one, without "
            "another in it"
        )
    if gated is not None:
        return {"use": "cogn_line", **layers, "gate": gated}
    block: dict[str, Any] = {"use": "cogn", **layers}
    if nested:
        block["nest"] = {"on": "messages", **_block(nested[0])}
    return block


def _table(*columns: Tensor) -> Tensor:
    """Return the properties of the elements and the flags of oxidation states."""
    return torch.cat([torch.stack(columns[:-1], dim=1), columns[-1]], dim=1)


def _mlps(
    weights: ngn.Transfer, theirs: str, ours: str, config: Mapping[str, Any]
) -> None:
    mlp(weights, f"{theirs}.edge_mlp", f"{ours}.message_mlp", config["edge_mlp"])
    mlp(weights, f"{theirs}.node_mlp", f"{ours}.node_mlp", config["node_mlp"])
