"""SchNet of torch-geometric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ngn_core.api as ngn


class SchNetImporter(ngn.Importer):
    """Checkpoints of `torch_geometric.nn.models.SchNet` (Schütt et al. 2018)."""

    name = "pyg_schnet"
    architecture = "SchNet"
    spec = "literal/schnet"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, Gaussians and the cutoff."""
        target = config.get("target") or {}
        if target.get("atomref") is not None:
            raise ValueError("target.atomref: reference energies cannot be added")
        gaussian, cutoff = config["gaussian"], config["cutoff"]
        if gaussian["num"] != config["num_gaussians"]:
            raise ValueError("gaussian.num differs from num_gaussians")
        width = config["hidden_channels"]
        return {
            "graph.edges.cutoff": cutoff,
            "network.embed.node.width": width,
            "network.embed.edge.of.bins": gaussian["num"],
            "network.embed.edge.of.start": gaussian["start"],
            "network.embed.edge.of.stop": gaussian["stop"],
            "network.blocks.0.repeat": config["num_interactions"],
            "network.blocks.0.filters": config["num_filters"],
            "network.blocks.0.cutoff": cutoff,
            "network.readout.layers": [width // 2, 1],
            "network.readout.pool": "sum" if "sum" in config["readout"] else "mean",
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict."""
        table = "embeddings.levels.node.table.weight"
        weights.make(table, ngn.by_number, "embedding.weight")
        centers = "distance_expansion.offset"
        if centers in weights:
            weights.copy(centers, "embeddings.levels.edge.part.centers")
        for block in range(config["num_interactions"]):
            theirs, ours = f"interactions.{block}", f"blocks.{block}.hooks"
            weights.layer(f"{theirs}.mlp.0", f"{ours}.filter.first")
            weights.layer(f"{theirs}.mlp.2", f"{ours}.filter.rest.0")
            weights.layer(f"{theirs}.conv.lin1", f"{ours}.sent")
            weights.layer(f"{theirs}.conv.lin2", f"{ours}.received")
            weights.layer(f"{theirs}.lin", f"{ours}.update")
            for layer in (0, 2):
                for array in ("weight", "bias"):
                    weights.same(
                        f"{theirs}.conv.nn.{layer}.{array}",
                        f"{theirs}.mlp.{layer}.{array}",
                    )
        weights.layer("lin1", "readout.mlp.first")
        weights.layer("lin2", "readout.mlp.rest.0")

    def output(
        self, key: str, case: ngn.Case, config: ngn.Config
    ) -> Sequence[ngn.Output] | None:
        """Return the sum or the mean over the atoms, as the key says."""
        if key not in ("sum", "mean"):
            return None
        target, pool = self.target(config), {"network.readout.pool": key}
        return [ngn.Output(target.std, target.mean, overrides=pool)]

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of edges and atoms."""
        taps = {
            "atom_features/embedding": ngn.Tap(
                "embeddings.levels.node", ngn.features_of
            ),
            "edge_features/gaussian": ngn.Tap(
                "embeddings.levels.edge", ngn.basis_of, "edge"
            ),
            "atomwise/lin2": ngn.Tap("readout.mlp", ngn.whole),
        }
        for block in range(config["num_interactions"]):
            taps[f"update/interaction{block}"] = ngn.Tap(
                f"blocks.{block}.hooks.update", ngn.whole
            )
            taps[f"atom_features/after_interaction{block}"] = ngn.Tap(
                f"blocks.{block}", ngn.node_of
            )
        return taps
