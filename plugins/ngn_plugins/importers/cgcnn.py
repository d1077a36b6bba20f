"""CGCNN's pre-trained models (`txie-93/cgcnn`)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

import ngn_core.api as ngn


class CGCNNImporter(ngn.Importer):
    """Checkpoints of the authors' code, of Xie & Grossman 2018.

    Its 92 numbers an element and the linear layer over them become one row an element.
    """

    name = "authors_cgcnn"
    architecture = "CGCNN"
    spec = "literal/cgcnn"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, Gaussians and the neighbor table."""
        if config["classification"]:
            raise ValueError(
                "classification: true: its two log-probabilities are not one output"
            )
        gaussian, graph = config["gaussian"], config["graph"]
        if graph["pad_index"] != 0:
            raise ValueError(
                f"graph.pad_index: {graph['pad_index']}; expected 0, the first atom"
            )
        hidden = [config["h_fea_len"]] * config["n_h"]
        return {
            "network.embed.node.width": config["atom_fea_len"],
            "network.embed.edge.bins": gaussian["num"],
            "network.embed.edge.start": gaussian["dmin"],
            "network.embed.edge.stop": gaussian["dmin"]
            + gaussian["step"] * (gaussian["num"] - 1),
            "network.embed.edge.sigma": gaussian["var"] / math.sqrt(2),
            "network.blocks.0.repeat": config["n_conv"],
            "network.readout": "mean",
            "network.head.layers": [*hidden, 1],
            "graph.edges.neighbors": graph["max_num_nbr"],
            "graph.edges.cutoff": graph["radius"],
            "graph.edges.missing_length": graph["pad_distance"],
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict of the authors' `CrystalGraphConvNet`."""
        weights.make(
            "embeddings.levels.node.table.weight",
            lambda table, weight, bias: ngn.by_number(table @ weight.T + bias),
            "aux/atom_init",
            "embedding.weight",
            "embedding.bias",
        )
        for block in range(config["n_conv"]):
            theirs, ours = f"convs.{block}", f"blocks.{block}.hooks"
            weights.layer(f"{theirs}.fc_full", f"{ours}.gate_and_core")
            weights.layer(f"{theirs}.bn1", f"{ours}.edge_norm")
            weights.layer(f"{theirs}.bn2", f"{ours}.node_norm")
        hidden = [f"fcs.{layer}" for layer in range(config["n_h"] - 1)]
        layers = ["conv_to_fc", *hidden, "fc_out"]
        for theirs, ours in zip(
            layers, ngn.mlp_layers("head.mlp", len(layers)), strict=True
        ):
            weights.layer(theirs, ours)

    def graphs(self, case: ngn.Case, config: ngn.Config) -> Mapping[str, ngn.Given]:
        """Return the neighbor table: what is missing points at the first atom."""
        graph = config["graph"]
        return {
            "graph": padded(
                ngn.given_graph(case),
                graph["max_num_nbr"],
                graph["pad_distance"],
            )
        }

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of bonds, atoms and the crystal's vector."""
        blocks = {
            f"atom_features/conv{block}": ngn.Tap(f"blocks.{block}", ngn.node_of)
            for block in range(config["n_conv"])
        }
        return blocks | {
            "bond_features/gaussian": ngn.Tap(
                "embeddings.levels.edge", ngn.features_of, "edge"
            ),
            "atom_features/embedding": ngn.Tap(
                "embeddings.levels.node", ngn.features_of
            ),
            "crystal_features/conv_to_fc(before last softplus)": ngn.Tap(
                "head.mlp.first", ngn.whole, "crystal"
            ),
        }


def padded(given: ngn.Given, neighbors: int, distance: float) -> ngn.Given:
    """Return a graph whose atoms all have so many edges, the missing from atom 0.

    Args:
        given: edges listed receiver by receiver.
        neighbors: edges of each atom.
        distance: length of those that are missing, Å.

    Raises:
        ValueError: where an atom has more edges already.
    """
    atoms = len(given.numbers)
    edges = np.bincount(given.receiver, minlength=atoms)
    if edges.max(initial=0) > neighbors:
        raise ValueError(
            f"graph.max_num_nbr: {neighbors}; atom {edges.argmax()} of a case has "
            f"{edges.max()} edges"
        )
    missing = neighbors - edges
    receiver = np.concatenate([given.receiver, np.repeat(np.arange(atoms), missing)])
    order = np.argsort(receiver, kind="stable")
    more = (0, len(receiver) - len(given.receiver))
    length = np.linalg.norm(given.vector, axis=1)
    return replace(
        given,
        sender=np.pad(given.sender, more)[order],
        receiver=receiver[order],
        vector=np.pad(given.vector, (more, (0, 0)))[order],
        cell_shift=np.pad(given.cell_shift, (more, (0, 0)))[order],
        columns={"length": np.pad(length, more, constant_values=distance)[order]},
    )
