"""Components that the search for `specs/ngn.yaml` tried.

`proto_dense` became the message function `dense`; the others did not help.
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

import ngn_core.api as ngn
from ngn_plugins.embeddings.periodic_table import element_properties

RADIUS = 1
"""Column of `element_properties` that holds the standardized radius."""

MEAN_RADIUS, RADIUS_DEVIATION = 2.09464, 0.35299
"""What the radius was standardized with, Angstrom."""


_PERIODS = ((1, 2), (3, 8), (11, 8), (19, 18), (37, 18), (55, 32), (87, 32))
"""First element and length of each period."""

_SHELLS = {"s": 2, "f": 14, "d": 10, "p": 6}
"""Electrons of each subshell, in the order in which a period fills them."""

_GROUPS = 18


class ProtoDense(ngn.MessageFunction):
    """Dense or residual block, with everything that was tried in it."""

    name = "proto_dense"

    class Options(ngn.Options):
        """Options of the block."""

        message_layers: int = Field(3, description="layers of the message MLP")
        width: int = Field(128, description="width of the messages")
        growth: int = Field(64, description="features that a block adds")
        node_layers: int = Field(1, description="layers of the node MLP")
        dropout: float = Field(0.0, description="share of new features left out")
        aggregate: Literal["sum", "mean"] = Field("sum", description="of messages")
        dense: bool = Field(True, description="dense, else residual")
        see_node: bool = Field(False, description="whether the node MLP sees the node")
        norm: bool = Field(False, description="layer norm of what is received")
        gate: bool = Field(False, description="gated messages")
        edges: bool = Field(False, description="whether messages stay with the edges")

    def __init__(self, options: Options, dims: ngn.Dims) -> None:
        super().__init__(options, dims)
        assert dims.node is not None
        width = options.width
        inputs = [dims.edge, dims.node, dims.node]
        self.message_mlp = ngn.MLP(inputs, [width] * options.message_layers, "silu")
        if options.gate:
            self.gate = ngn.MLP([width], [width], "silu", activate_last=False)
        given = [width, dims.node] if options.see_node else [width]
        out = options.growth if options.dense else dims.node
        self.norm = nn.LayerNorm(width) if options.norm else nn.Identity()
        self.node_mlp = ngn.MLP(given, [out] * options.node_layers, "silu")
        self.drop = nn.Dropout(options.dropout)
        self.message_width = width
        self.node_width = dims.node + options.growth if options.dense else dims.node
        if options.edges:
            self.edge_mlp = ngn.MLP([width], [dims.edge], "silu")

    def interact(
        self,
        edge: Any,
        sender: ngn.Endpoint,
        receiver: ngn.Endpoint,
        state: ngn.Endpoint,
        graph: ngn.Graph,
    ) -> tuple[Any, Any]:
        """Return the edges, with what the messages left there, and the messages."""
        message = self.message(edge, sender, receiver, state, graph)
        if self.options.edges:
            edge = edge + self.edge_mlp(message)
        return edge, message

    def message(
        self,
        edge: Tensor,
        sender: ngn.Endpoint,
        receiver: ngn.Endpoint,
        state: ngn.Endpoint,
        graph: ngn.Graph,
    ) -> Any:
        """Return the messages, [E, width]."""
        message = self.message_mlp(edge, receiver, sender)
        if self.options.gate:
            message = message * self.gate(message).sigmoid()
        return message

    def aggregate(self, message: Any, graph: ngn.Graph) -> Any:
        """Return their sum or mean, [N, width]."""
        onto = graph.onto_receiver
        mean = self.options.aggregate == "mean"
        return onto.mean(message) if mean else onto.sum(message)

    def update_node(
        self, node: Tensor, received: Tensor, state: ngn.Endpoint, graph: ngn.Graph
    ) -> Any:
        """Return the node with what was added, [N, F_v]."""
        given = [self.norm(received)]
        if self.options.see_node:
            given.append(node)
        new = self.drop(self.node_mlp(*given))
        return torch.cat([node, new], dim=1) if self.options.dense else node + new


class ProtoPool(ngn.Readout):
    """Mean, maximum and deviation of the atoms."""

    name = "proto_pool"

    class Options(ngn.Options):
        """Options of the readout."""

        of: tuple[str, ...] = Field(("mean",), description="mean, max, std")

    def __init__(self, options: Options, dims: Any) -> None:
        super().__init__(options, dims)
        self.width *= len(options.of)

    def forward(self, blocks: Any, graph: ngn.Graph) -> Tensor:
        """Return the statistics, [B, F_v * of]."""
        onto, node = graph.node.onto_crystal, blocks[-1][0]
        mean = onto.mean(node)
        apart = node - mean.index_select(0, graph.node.crystal)
        found = {
            "mean": mean,
            "max": onto.max(node),
            "std": (onto.mean(apart.square()) + 1e-6).sqrt(),
        }
        return torch.cat([found[name] for name in self.options.of], dim=1)


class ProtoAttend(ngn.Readout):
    """Atoms averaged by softmax weights, a vector of them each."""

    name = "proto_attend"

    class Options(ngn.Options):
        """Options of the readout."""

        heads: int = Field(8, description="softmax weights of an atom")
        mean: bool = Field(True, description="whether the mean stands beside")

    def __init__(self, options: Options, dims: Any) -> None:
        super().__init__(options, dims)
        self.score = nn.Linear(self.width, options.heads)
        self.value = nn.Linear(self.width, 16 * options.heads)
        self.width = 16 * options.heads + (self.width if options.mean else 0)

    def forward(self, blocks: Any, graph: ngn.Graph) -> Tensor:
        """Return weighted means, and the mean, [B, 16 * heads + F_v]."""
        onto, node = graph.node.onto_crystal, blocks[-1][0]
        share = onto.softmax(self.score(node))
        value = self.value(node).unflatten(1, (self.options.heads, 16))
        found = [onto.sum((value * share.unsqueeze(2)).flatten(1))]
        if self.options.mean:
            found.append(onto.mean(node))
        return torch.cat(found, dim=1)


class ProtoNoisy(ngn.Embedding):
    """Gaussians of a length that training blurs."""

    name = "proto_noisy"
    centers: Tensor

    class Options(ngn.Options):
        """Options of the Gaussians."""

        bins: int = Field(32, description="how many")
        stop: float = Field(8.0, description="the last center, Angstrom")
        sigma: float = Field(0.5, description="their width, Angstrom")
        noise: float = Field(0.0, description="deviation of the blur, Angstrom")
        relative: bool = Field(False, description="whether the blur is a share instead")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"length"})
        self.width = options.bins
        centers = torch.linspace(0.0, options.stop, options.bins + 1)[1:]
        self.register_buffer("centers", centers, persistent=False)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the Gaussians, [E, bins]."""
        length = rows.columns["length"]
        if self.training and self.options.noise:
            noise = self.options.noise * torch.randn_like(length)
            length = length * (1 + noise) if self.options.relative else length + noise
        apart = (length.unsqueeze(1) - self.centers) / self.options.sigma
        return ngn.Embedded(torch.exp(-0.5 * apart**2), None)


_PROPERTIES = (
    "X",
    "atomic_mass",
    "atomic_radius_calculated",
    "van_der_waals_radius",
    "mendeleev_no",
    "ionization_energy",
    "electron_affinity",
    "molar_volume",
    "melting_point",
    "boiling_point",
    "bulk_modulus",
    "youngs_modulus",
    "velocity_of_sound",
    "thermal_conductivity",
    "coefficient_of_linear_thermal_expansion",
    "electrical_resistivity",
    "row",
    "group",
)


class ProtoElement(ngn.Embedding):
    """Elements by many properties, with a short learned row or none."""

    name = "proto_element"
    known: Tensor

    class Options(ngn.Options):
        """Options of the embedding."""

        width: int = Field(128, description="width of the result")
        row: int = Field(16, description="width of the learned row")
        hidden: int = Field(0, description="width of a layer between, 0: none")
        of: Literal["all", "many", "places"] = Field("all", description="what is known")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"atomic_number"})
        self.width = options.width
        places = element_places()
        parts = {
            "all": [element_properties(), places, many_properties()],
            "many": [many_properties()],
            "places": [places, many_properties()],
        }
        known = torch.cat(parts[options.of], dim=1)
        self.register_buffer("known", known)
        self.table = nn.Embedding(len(known) + 1, max(options.row, 1))
        layers = [*[options.hidden] * bool(options.hidden), options.width]
        self.mlp = ngn.MLP(
            [options.row + known.shape[1]], layers, "silu", activate_last=False
        )

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the features of each atom's element, [N, width]."""
        element = rows.columns["atomic_number"] - 1
        learned = self.table.weight[:-1, : self.options.row]
        joined = torch.cat([learned, self.known.to(learned.dtype)], dim=1)
        return ngn.Embedded(self.mlp(joined).index_select(0, element), None)


def many_properties() -> Tensor:
    """Return standardized properties of pymatgen's elements, 0 where unknown."""
    import warnings

    from pymatgen.core import Element

    columns = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        elements = [Element.from_Z(number) for number in range(1, 119)]
        for name in _PROPERTIES:
            values = []
            for element in elements:
                try:
                    value = float(getattr(element, name))
                except (TypeError, ValueError, AttributeError, KeyError):
                    value = float("nan")
                values.append(value)
            column = torch.tensor(values, dtype=torch.float64)
            if name in (
                "melting_point",
                "boiling_point",
                "bulk_modulus",
                "youngs_modulus",
                "velocity_of_sound",
                "atomic_mass",
                "thermal_conductivity",
                "electrical_resistivity",
                "coefficient_of_linear_thermal_expansion",
            ):
                column = column.clamp(min=1e-9).log()
            there = torch.isfinite(column)
            spread = column[there].std()
            column = torch.where(there, (column - column[there].mean()) / spread, 0.0)
            columns += [column, there.double()]
    return torch.stack(columns, dim=1)


class ProtoAtom(ngn.Embedding):
    """Elements by properties, place in the periodic table and a short learned row."""

    name = "proto_atom"
    known: Tensor

    class Options(ngn.Options):
        """Options of the embedding."""

        width: int = Field(128, description="width of the result")
        row: int = Field(16, description="width of the learned row")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"atomic_number"})
        self.width = options.width
        self.basis_width = 1
        known = torch.cat([element_properties(), element_places()], dim=1)
        self.register_buffer("known", known)
        self.table = nn.Embedding(len(known) + 1, max(options.row, 1))
        width = options.row + known.shape[1]
        self.linear = nn.Linear(width, options.width)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return features and radii, [N, width] and [N, 1]."""
        element = rows.columns["atomic_number"] - 1
        learned = self.table.weight[:-1, : self.options.row]
        known = self.known.to(learned.dtype)
        features = self.linear(torch.cat([learned, known], dim=1))
        radius = MEAN_RADIUS + RADIUS_DEVIATION * known[:, RADIUS : RADIUS + 1]
        return ngn.Embedded(
            features.index_select(0, element), radius.index_select(0, element)
        )


class ProtoRelative(ngn.Embedding):
    """Gaussians of the length over the sum of the atoms' radii."""

    name = "proto_relative"
    centers: Tensor

    class Options(ngn.Options):
        """Options of the Gaussians."""

        bins: int = Field(32, description="how many")
        stop: float = Field(2.0, description="the last center")
        sigma: float = Field(0.08, description="their width")

    def __init__(self, options: Options, below: ngn.Widths | None) -> None:
        super().__init__(options, below)
        self.needs = frozenset({"length"})
        self.width = options.bins
        centers = torch.linspace(0.25, options.stop, options.bins)
        self.register_buffer("centers", centers, persistent=False)

    def forward(self, rows: ngn.LevelBatch, below: ngn.Embedded | None) -> ngn.Embedded:
        """Return the Gaussians, [E, bins]."""
        assert below is not None
        radii = rows.sender(below.basis).features + rows.receiver(below.basis).features
        apart = rows.columns["length"].unsqueeze(1) / radii - self.centers
        return ngn.Embedded(torch.exp(-0.5 * (apart / self.options.sigma) ** 2), None)


def element_places() -> Tensor:
    """Return flags of period, group and block, and fillings, [118, 7 + 18 + 4 + 4]."""
    rows = []
    for period, (_, length) in enumerate(_PERIODS):
        filled = dict.fromkeys(_SHELLS, 0)
        blocks = _blocks(length)
        for position, block in enumerate(blocks):
            filled[block] += 1
            group = _group(position, block, length)
            row = torch.zeros(len(_PERIODS) + _GROUPS + len(_SHELLS))
            row[period] = row[len(_PERIODS) + group - 1] = 1.0
            row[len(_PERIODS) + _GROUPS + list(_SHELLS).index(block)] = 1.0
            shares = [filled[name] / size for name, size in _SHELLS.items()]
            rows.append(torch.cat([row, torch.tensor(shares)]))
    return torch.stack(rows).double()


def _blocks(length: int) -> list[str]:
    """Return the block of each element of a period of so many."""
    whole = {2: "s", 8: "sp", 18: "sdp", 32: "sfdp"}[length]
    return [block for block in whole for _ in range(_SHELLS[block])]


def _group(position: int, block: str, length: int) -> int:
    """Return the group of the element at a position of its period, from 0."""
    if block == "f":
        return 3
    if block == "s":
        return _GROUPS if length == 2 and position == 1 else position + 1
    return position + 1 + _GROUPS - length


@ngn.hookimpl
def ngn_register_message_functions() -> list[type]:
    """Return the blocks."""
    return [ProtoDense]


@ngn.hookimpl
def ngn_register_readouts() -> list[type]:
    """Return the readouts."""
    return [ProtoPool, ProtoAttend]


@ngn.hookimpl
def ngn_register_embeddings() -> list[type]:
    """Return the embeddings."""
    return [ProtoAtom, ProtoRelative, ProtoNoisy, ProtoElement]
