"""Convolutions of torch_geometric as message functions."""

from __future__ import annotations

import math
from typing import Any

import torch
from pydantic import ConfigDict, Field, model_validator

import ngn_core.api as ngn
from ngn_plugins.messages.pyg_layer import (
    build_layer,
    check_arguments,
    keeps_width,
    layer_class,
    output_width,
)


class PyG(ngn.MessageFunction):
    """Any convolution of torch_geometric.nn that takes edge features.

    Its own arguments stand beside `layer`; what goes into it and comes out of it
    follows from the spec. Widths under `nn` stand for an MLP with such hidden layers.
    The layer gathers, sums and updates in one call, so that its sums count each edge
    once: it runs under `symmetry: none` and `asymmetric`.
    """

    name = "pyg"
    counts_multiplicity = False

    class Options(ngn.Options):
        """Options of the layer; others are the layer's own arguments."""

        model_config = ConfigDict(extra="allow")

        layer: str = Field(description="class of torch_geometric.nn: GATv2Conv ...")
        width: int | None = Field(
            None,
            gt=0,
            description="of what the layer gives, of each head where heads are joined; "
            "as the nodes have it where nothing is said",
        )
        activation: ngn.ActivationName = Field(
            "softplus", description="after the layer"
        )
        residual: bool = Field(True, description="add what came in, of equal width")

        @model_validator(mode="after")
        def _arguments_fit(self) -> PyG.Options:
            layer_class(self.layer)
            check_arguments(self.layer, self.arguments)
            if self.width is not None and keeps_width(self.layer):
                raise ValueError(f"no `width`; {self.layer} keeps the nodes' own")
            return self

        @property
        def arguments(self) -> dict[str, Any]:
            """Return the layer's own arguments."""
            return {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in (self.model_extra or {}).items()
            }

        def resolved(self) -> dict[str, Any]:
            """Return every option, the layer's own arguments included."""
            return {**super().resolved(), **self.arguments}

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        self.degrees: dict[int, float] = {}
        width = options.width or dims.node
        self.layer = build_layer(
            options.layer, options.arguments, dims.node, dims.edge, width
        )
        self.message_width = dims.edge
        self.node_width = output_width(self.layer, dims.node, dims.edge)
        self.is_residual = options.residual and self.node_width == dims.node
        self.activation = ngn.activation(options.activation)

    def message(self, edge, sender, receiver, state, graph):
        """Return the edges' features, which the layer reads, [E, F_e] or None."""
        return edge

    def aggregate(self, message, graph):
        """Return the messages as they are, [E, F_e]: the layer sums by itself."""
        return message

    def update_node(self, node, received, state, graph):
        """Return (node +) activation(layer(node, edges)), [N, node_width]."""
        updated = self.activation(self.layer(node, graph.edge.index, received))
        return node + updated if self.is_residual else updated

    def observe(self, graph):
        """Count the edges of nodes of the training part, for layers that ask (PNA)."""
        scaled: list[Any] = [
            module for module in self.modules() if hasattr(module, "init_avg_deg_lin")
        ]
        if not scaled:
            return
        receiver = graph.edge.receiver(None).index
        degree = torch.bincount(receiver, minlength=len(graph.node.weight))
        atoms = torch.bincount(degree, weights=graph.node.weight.double())
        for edges, count in enumerate(atoms.tolist()):
            self.degrees[edges] = self.degrees.get(edges, 0.0) + count
        total = sum(self.degrees.values())
        mean = sum(n * count for n, count in self.degrees.items()) / total
        log = sum(math.log(n + 1) * count for n, count in self.degrees.items()) / total
        for module in scaled:
            module.init_avg_deg_lin, module.init_avg_deg_log = mean, log
            module.reset_parameters()
