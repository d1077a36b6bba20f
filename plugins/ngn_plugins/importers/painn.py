"""PaiNN of SchNetPack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

import ngn_core.api as ngn

ACTIVATIONS = ("silu", "shifted_softplus", "softplus", "relu", "tanh")
"""Activation functions that have one name here and in SchNetPack."""


class PaiNNImporter(ngn.Importer):
    """Checkpoints of `schnetpack.representation.PaiNN` (Schütt et al. 2021).

    A filter net that blocks share there is in every block here, with equal weights.
    """

    name = "schnetpack_painn"
    architecture = "PaiNN"
    spec = "literal/painn"

    def overrides(self, config: ngn.Config) -> Mapping[str, Any]:
        """Return sizes, depth, radial basis, cutoff and the head."""
        fade, head, cutoff = config["cutoff_fn"], config["head"], config["cutoff"]
        if not fade.startswith("cosine"):
            raise ValueError(f"cutoff_fn: {fade!r}; cosine is known here")
        for name in (config["activation"], head["activation"]):
            if name not in ACTIVATIONS:
                known = ", ".join(ACTIVATIONS)
                raise ValueError(f"activation: {name!r}; expected one of {known}")
        return {
            "graph.edges.cutoff": cutoff,
            "network.embed.node.width": config["n_atom_basis"],
            "network.embed.edge.of": _basis(config),
            "network.blocks.0.repeat": config["n_interactions"],
            "network.blocks.0.cutoff": cutoff,
            "network.blocks.0.activation": config["activation"],
            "network.blocks.0.epsilon": config["epsilon"],
            "network.readout.layers": [*head["hidden"], 1],
            "network.readout.activation": head["activation"],
        }

    def transfer(self, weights: ngn.Transfer, config: ngn.Config) -> None:
        """Carry over the state dict."""
        table = "embeddings.levels.node.table.weight"
        weights.make(table, ngn.by_number, "rep.embedding.weight")
        blocks = config["n_interactions"]
        filters = 1 if config["shared_filters"] else blocks
        for array in ("weight", "bias"):
            for block in range(blocks):

                def part(net: torch.Tensor, number: int = block % filters) -> Any:
                    return _filters(net, config).chunk(filters)[number]

                ours = f"blocks.{block}.hooks.filter.{array}"
                weights.make(ours, part, f"rep.filter_net.{array}")
        for block in range(blocks):
            ours = f"blocks.{block}.hooks"
            one = 0 if config["shared_interactions"] else block
            for layer, name in enumerate(("first", "rest.0")):
                theirs = f"rep.interactions.{one}.interatomic_context_net.{layer}"
                weights.layer(theirs, f"{ours}.phi.{name}")
                theirs = f"rep.mixing.{one}.intraatomic_context_net.{layer}"
                weights.layer(theirs, f"{ours}.update.{name}")
            weights.layer(f"rep.mixing.{one}.mu_channel_mix", f"{ours}.mix")
        for layer, name in enumerate(
            ngn.mlp_layers("readout.mlp", len(config["head"]["hidden"]) + 1)
        ):
            weights.layer(f"head.outnet.{layer}", name)
        _check_constants(weights, config)

    def output(
        self, key: str, case: ngn.Case, config: ngn.Config
    ) -> Sequence[ngn.Output] | None:
        """Return the sum or the mean over the atoms, as the key says."""
        if key not in ("sum", "mean"):
            return None
        return [ngn.Output(overrides={"network.readout.pool": key})]

    def taps(self, config: ngn.Config) -> Mapping[str, ngn.Tap]:
        """Return the taps of the basis and of the atoms after each block."""
        node, edge = "embeddings.levels.node", "embeddings.levels.edge"
        taps = {
            "atom_scalars/embedding": ngn.Tap(node, ngn.features_of),
            "edge_features/rbf": ngn.Tap(edge, ngn.basis_of, "edge"),
        }
        for number in range(config["n_interactions"]):
            block = f"blocks.{number}"
            update, mix = f"{block}.hooks.update", f"{block}.hooks.mix"
            taps |= {
                f"atom_scalars/interaction{number}": ngn.Tap(
                    update, lambda given: given[0], of="arguments"
                ),
                f"atom_vectors_norm/interaction{number}": ngn.Tap(
                    mix, lambda given: given[0].norm(dim=1), of="arguments"
                ),
                f"atom_scalars/mixing{number}": ngn.Tap(
                    block, lambda given: ngn.node_of(given).scalar
                ),
                f"atom_vectors_norm/mixing{number}": ngn.Tap(
                    block, lambda given: ngn.node_of(given).vector.norm(dim=1)
                ),
            }
        return taps


def _basis(config: ngn.Config) -> dict[str, Any]:
    """Return the radial basis as an embedding."""
    kind, count, cutoff = config["radial_basis"], config["n_rbf"], config["cutoff"]
    if kind == "gaussian":
        return {
            "use": "gaussian",
            "of": "length",
            "bins": count,
            "start": 0.0,
            "stop": cutoff,
            "at_start": True,
            "sigma": "spacing",
            "precision": "float32",
        }
    if kind == "bessel":
        bessel = {"use": "spherical_bessel", "degrees": 1}
        return {**bessel, "functions": count, "cutoff": cutoff}
    raise ValueError(f"radial_basis: {kind!r}; gaussian and bessel are known here")


def _filters(array: torch.Tensor, config: ngn.Config) -> torch.Tensor:
    """Return the filter net's array for our basis.

    SchNetPack's sin(n pi r / c) / r is our normalized function over sqrt(2 / c).
    """
    if config["radial_basis"] == "bessel" and array.dim() == 2:
        scaled: torch.Tensor = array / (2 / config["cutoff"]) ** 0.5
        return scaled
    return array


def _check_constants(weights: ngn.Transfer, config: ngn.Config) -> None:
    """Refuse constants that are not those of the spec."""
    cutoff, count = config["cutoff"], config["n_rbf"]
    if config["radial_basis"] == "gaussian":
        centers = torch.linspace(0, cutoff, count)
        widths = (centers[1] - centers[0]).expand(count)
        known = {"radial_basis.offsets": centers, "radial_basis.widths": widths}
    else:
        known = {"radial_basis.freqs": torch.arange(1, count + 1) * torch.pi / cutoff}
    known["cutoff_fn.cutoff"] = torch.tensor([cutoff])
    for name, wanted in known.items():
        name = f"rep.{name}"
        found = weights.read(name)
        if found.shape != wanted.shape or not torch.allclose(
            found.double(), wanted.double(), rtol=1e-6, atol=1e-7
        ):
            raise ValueError(f"{name}: found other constants than config.json's")
