"""The interface of importers: from a published checkpoint to a spec and its weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from torch import Tensor

from ngn_core.pretrained.transfer import Transfer

Config = Mapping[str, Any]
"""What the folder's `config.json` says."""

Case = Mapping[str, Any]
"""One line of the folder's `cases.jsonl`: a crystal with what the reference made."""


AS_GIVEN: Mapping[str, Any] = {
    "graph.cell": "given",
    "graph.symmetry": "none",
    "graph.idealize": False,
}
"""Keys of a spec that draws edges on the crystal exactly as it is given."""


@dataclass(frozen=True)
class Given:
    """A graph as a reference lists it, in the order in which it lists it.

    Attributes:
        numbers: [N], atomic numbers.
        sender: [E].
        receiver: [E].
        vector: [E, 3], from the receiver to the sender, Å.
        cell_shift: [E, 3], of the sender; zeros where the reference gives vectors.
        columns: what else it says of its edges, each [E, ...]; a `length` stands in
            place of the vector's own.
        pairs: [2, A], (sender edge, receiver edge); None: by the pair rule of the
            importer's spec.
        multiplicity: [N]; None: every atom counts once.
    """

    numbers: np.ndarray
    sender: np.ndarray
    receiver: np.ndarray
    vector: np.ndarray
    cell_shift: np.ndarray
    columns: Mapping[str, np.ndarray] = field(default_factory=dict)
    pairs: np.ndarray | None = None
    multiplicity: np.ndarray | None = None


@dataclass(frozen=True)
class Scale:
    """What a checkpoint predicts: the network's number times `std` plus `mean`.

    Attributes:
        name: of the target.
        unit: of the target, `?` where nobody says.
        std: in that unit.
        mean: the same.
    """

    name: str
    unit: str
    std: float
    mean: float


@dataclass(frozen=True)
class Output:
    """How a number of a case's `output` comes from the network.

    The number is `network(graph) * std + mean`.

    Attributes:
        std: in the unit of the number.
        mean: the same.
        graph: which of the case's graphs the network is given.
        overrides: keys of the spec that differ for it, such as the readout's pooling.
        state: the crystal's column `state`, for networks that read one.
    """

    std: float = 1.0
    mean: float = 0.0
    graph: str = "graph"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    state: float | None = None


@dataclass(frozen=True)
class Tap:
    """Where an intermediate activation of the reference is seen in the network.

    Attributes:
        module: path of a module of the network, `blocks.0` say.
        take: from what the module returns, the activation, [rows, ...].
        rows: what its rows are, so that they are put in the order of the reference.
        of: `arguments`: `take` gets the tuple of what the module is given instead.
    """

    module: str
    take: Callable[[Any], Tensor]
    rows: Literal["node", "edge", "angle", "crystal"] = "node"
    of: Literal["returned", "arguments"] = "returned"


def node_of(block: Any) -> Any:
    """Return the node features of what a block returns."""
    return block[0][0]


def edge_of(block: Any) -> Any:
    """Return the edge features of what a block returns."""
    return block[0][1]


def state_of(block: Any) -> Any:
    """Return the global state of what a block returns."""
    return block[1]


def features_of(embedded: Any) -> Any:
    """Return the features of what an embedding returns."""
    return embedded.features


def basis_of(embedded: Any) -> Any:
    """Return the basis of what an embedding returns."""
    return embedded.basis


def whole(returned: Any) -> Any:
    """Return what a module returns, as it is."""
    return returned


class Importer(ABC):
    """Turns one architecture's published checkpoints into specs with weights.

    What it reads of `config.json` that is not there is reported with the key's name.

    Attributes:
        architecture: the `architecture` of the folders it is for.
        spec: name of the shipped spec that the weights default to: the literal one.
        tolerance: largest deviation from the reference in float64.
    """

    name: ClassVar[str]
    architecture: ClassVar[str]
    spec: ClassVar[str]
    tolerance: ClassVar[float] = 1.0e-7

    @abstractmethod
    def overrides(self, config: Config) -> Mapping[str, Any]:
        """Return what the checkpoint says otherwise than the spec, by key of the spec.

        Raises:
            ValueError: where the network cannot have what the checkpoint has.
        """

    @abstractmethod
    def transfer(self, weights: Transfer, config: Config) -> None:
        """Carry every array over to the network's own names, or say why it is not."""

    def target(self, config: Config) -> Scale:
        """Return what the checkpoint predicts."""
        said = config.get("target") or {}
        unit = said.get("unit") or config.get("unit") or "?"
        name = said.get("property") or "prediction"
        std = said.get("std")
        return Scale(name, unit, 1.0 if std is None else std, said.get("mean") or 0.0)

    def graphs(self, case: Case, config: Config) -> Mapping[str, Given]:
        """Return the graphs of a case, with distances from its structure."""
        return {"graph": given_graph(case)}

    def output(self, key: str, case: Case, config: Config) -> Sequence[Output] | None:
        """Return how each number under a key of `output` comes; None: nobody knows."""
        if key == "normalised":
            return [Output()]
        if key == "prediction":
            target = self.target(config)
            return [Output(target.std, target.mean)]
        return None

    def own_graphs(self, config: Config) -> Mapping[str, Mapping[str, Any]]:
        """Return the case's graphs that the spec builds, and what it builds them with.

        That is what a spec with `overrides(config)` must say otherwise for a graph.
        """
        return {"graph": {}}

    def taps(self, config: Config) -> Mapping[str, Tap]:
        """Return where activations are seen, by their names in the reference."""
        return {}


def given_graph(
    case: Case,
    columns: Mapping[str, str] | None = None,
    pairs: np.ndarray | None = None,
) -> Given:
    """Return the unit cell's graph of a case, its vectors from the structure.

    Args:
        case: of the reference.
        columns: names of edge columns, by the case's own names for them.
        pairs: see `Given`.
    """
    structure, graph = case["structure"], case["graph"]
    sender = np.array(graph["edge_src"], dtype=np.int64)
    receiver = np.array(graph["edge_dst"], dtype=np.int64)
    shift = np.array(graph["edge_offset"], dtype=np.int64).reshape(-1, 3)
    frac = np.array(structure["frac_coords"], dtype=np.float64)
    vector = (frac[sender] + shift - frac[receiver]) @ np.array(structure["lattice"])
    return Given(
        np.array(structure["atomic_numbers"], dtype=np.int64),
        sender,
        receiver,
        vector,
        shift,
        {ours: np.array(graph[theirs]) for theirs, ours in (columns or {}).items()},
        pairs,
    )
