"""A plugin whose components make, by option, one mistake each."""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import nn

import ngn_core.api as ngn


class Mistaken(ngn.MessageFunction):
    """Sums an MLP of edge and sender, and gets one item wrong."""

    name = "mistaken"
    needs = frozenset({"edge.vector"})

    class Options(ngn.Options):
        mistake: Literal[
            "none",
            "plain batch norm",
            "unweighted sum",
            "unweighted loss of gradient",
            "direction",
            "order",
            "neighbors in the batch",
            "constant",
            "not a number",
            "random",
            "dropout",
        ] = Field("none", description="which")

    def __init__(self, options, dims):
        super().__init__(options, dims)
        self.mlp = ngn.MLP([dims.edge, dims.node], [dims.node] * 2, "silu")
        self.norm = nn.BatchNorm1d(dims.node)
        self.dropout = nn.Dropout(0.5)
        self.message_width = dims.node

    def message(self, edge, sender, receiver, state, graph):
        mistake, vector = self.options.mistake, graph.edge.columns["vector"]
        message = self.mlp(edge, sender)
        if mistake == "plain batch norm":
            return self.norm(message)
        if mistake == "direction":
            return message * (1 + 0.01 * vector[:, :1] ** 2)
        if mistake == "random" and self.training:
            return message * torch.rand_like(message)
        if mistake == "dropout":
            return self.dropout(message)
        return message

    def aggregate(self, message, graph):
        mistake = self.options.mistake
        if mistake == "unweighted sum":
            index, nodes = graph.onto_receiver.index, len(graph.node.weight)
            return message.new_zeros(nodes, message.shape[1]).index_add(
                0, index, message
            )
        received = graph.onto_receiver.sum(message)
        if mistake == "neighbors in the batch":
            return received - received.mean(0)
        if mistake == "order":
            return received * torch.linspace(1, 2, len(received)).double()[:, None]
        if mistake == "unweighted loss of gradient":
            count = graph.node.multiplicity[:, None]
            return received.detach() + (received - received.detach()) * count
        return received

    def update_node(self, node, received, state, graph):
        if self.options.mistake == "constant":
            return torch.ones_like(node)
        if self.options.mistake == "not a number":
            return (node + received) * torch.nan
        return node + received


class Directed(Mistaken):
    """The same, and says that it is not invariant."""

    name = "directed"
    invariant = False


class Tally(ngn.Readout):
    """Adds up the atoms of the cell as given, and does not say so."""

    name = "tally"

    def forward(self, blocks, graph):
        mean = graph.node.onto_crystal.mean(blocks[-1][0])
        return mean * graph.crystals.columns["atoms"][:, None]


class Frame(ngn.GraphConstructor):
    """Draws longer edges in some frames of reference than in others."""

    name = "frame"

    def edges(self, crystal):
        turned = crystal.lattice[0, 0] < 0.5
        sender, receiver, shift, _ = ngn.neighbors_within(crystal, 5.0 if turned else 4)
        return ngn.Edges(sender, receiver, shift)


class Halved(ngn.GraphConstructor):
    """Forgets every other edge; closing the edges brings them back."""

    name = "halved"

    def edges(self, crystal):
        sender, receiver, shift, _ = ngn.neighbors_within(crystal, 4.5)
        return ngn.Edges(sender[::2], receiver[::2], shift[::2])


@ngn.hookimpl
def ngn_register_message_functions():
    return [Mistaken, Directed]


@ngn.hookimpl
def ngn_register_readouts():
    return [Tally]


@ngn.hookimpl
def ngn_register_graph_constructors():
    return [Frame, Halved]
