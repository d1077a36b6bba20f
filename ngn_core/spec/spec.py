"""A spec, resolved: every default filled in, every component chosen and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from ngn_core.errors import Problem
from ngn_core.plugin.options import Kind, Options, Use
from ngn_core.spec.document import Document
from ngn_core.spec.graph import GraphOptions

Task = Literal["regression", "binary"]


class Reference(Options):
    """Where an architecture was published."""

    doi: str | None = Field(None, description="DOI of the paper")
    note: str | None = Field(None, description="protocol and published score")


class TrainOptions(Options):
    """How a network is trained."""

    epochs: int = Field(gt=0, description="passes over the training part")
    batch_size: int = Field(gt=0, description="crystals a step")
    optimizer: Annotated[Use, Kind("optimizer")] = Field(
        description="how weights follow the gradient"
    )
    schedule: Annotated[Use | None, Kind("schedule")] = Field(
        None, description="learning rate over the steps; none: the optimizer's"
    )
    loss: Annotated[Use, Kind("loss")] = Field(
        description="what is made small: mae, or bce for binary, where none is given"
    )
    gradient_clip: float | None = Field(
        None, gt=0, description="largest norm of the whole gradient"
    )
    validation: float = Field(
        0.0, ge=0, lt=1, description="share of the training part kept for validation"
    )
    patience: int | None = Field(
        None, gt=0, description="epochs without a better validation loss before the end"
    )


SECTIONS: Mapping[str, type[Options]] = {"graph": GraphOptions, "train": TrainOptions}
"""Sections that have options of their own, beside the components in them."""


@dataclass(frozen=True)
class BlockSpec:
    """Blocks of one message function, and what is nested in each.

    Attributes:
        use: the message function.
        repeat: how many, each with weights of its own.
        on: what the nested blocks' nodes are.
        nest: what runs on the line graph, or None.
    """

    use: Use
    repeat: int
    on: Literal["edges", "messages"] | None
    nest: BlockSpec | None

    def uses(self) -> Iterator[Use]:
        """Yield the message functions, outermost first."""
        yield self.use
        if self.nest is not None:
            yield from self.nest.uses()

    def resolved(self) -> dict[str, Any]:
        """Return the section with all defaults, as plain data."""
        plain = {"repeat": self.repeat, **self.use.resolved()}
        if self.nest is not None:
            plain["nest"] = {"on": self.on, **self.nest.resolved()}
        return plain


@dataclass(frozen=True)
class NetworkSpec:
    """The `network:` section.

    Attributes:
        embed: embedding of each level that has one, and of the `state`.
        blocks: in order.
        readout: pooling.
        head: None: the readout's vector is the prediction.
        init: None: torch's own initialization.
        against_target: whether the readout is meant even where it contradicts what
            the target is per.
    """

    embed: Mapping[str, Use]
    blocks: tuple[BlockSpec, ...]
    readout: Use
    head: Use | None
    init: Use | None
    against_target: bool = False

    def resolved(self) -> dict[str, Any]:
        """Return the section with all defaults, as plain data."""
        return {
            "embed": {level: use.resolved() for level, use in self.embed.items()},
            "blocks": [block.resolved() for block in self.blocks],
            "readout": self._readout(),
            "head": None if self.head is None else self.head.resolved(),
            "init": None if self.init is None else self.init.resolved(),
        }

    def _readout(self) -> dict[str, Any]:
        plain = self.readout.resolved()
        return {**plain, "against_target": True} if self.against_target else plain


@dataclass(frozen=True)
class GraphSpec:
    """The `graph:` section: how a crystal becomes a graph."""

    options: GraphOptions
    edges: Use

    def resolved(self) -> dict[str, Any]:
        """Return the section with all defaults, as plain data."""
        return {**self.options.resolved(), "edges": self.edges.resolved()}


@dataclass(frozen=True)
class Spec:
    """An architecture and its training; no dataset.

    Attributes:
        name: as tables print it.
        reference: the paper.
        graph: from crystal to graph.
        network: from graph to prediction.
        train: training for each kind of task.
        file: the file it was read from.
        document: what was written in it, and where.
    """

    name: str
    reference: Reference
    graph: GraphSpec
    network: NetworkSpec
    train: Mapping[Task, TrainOptions]
    file: str
    document: Document = field(repr=False, compare=False)

    def with_epochs(self, epochs: int) -> Spec:
        """Return the spec with so many epochs for every task."""
        train = {
            task: options.model_copy(update={"epochs": epochs})
            for task, options in self.train.items()
        }
        return replace(self, train=train)

    def problem(self, key: str, found: str, expected: str) -> Problem:
        """Return a problem at a key such as `network.head`, with file and line."""
        path = tuple(int(part) if part.isdigit() else part for part in key.split("."))
        return self.document.problem(path, found, expected)

    def components(self, task: Task) -> Iterator[Use]:
        """Yield every component that the spec uses for a task."""
        train = self.train[task]
        chosen = [self.graph.edges, *self.network.embed.values(), self.network.readout]
        chosen += [use for block in self.network.blocks for use in block.uses()]
        chosen += [train.optimizer, train.loss]
        maybe = (self.network.head, self.network.init, train.schedule)
        for use in (*chosen, *(use for use in maybe if use is not None)):
            yield from use.parts()

    def resolved(self) -> dict[str, Any]:
        """Return everything that the spec says, defaults included, as plain data."""
        regression = self.train["regression"].resolved()
        binary = self.train["binary"].resolved()
        differing = {
            key: value for key, value in binary.items() if value != regression[key]
        }
        train = {**regression, "by_task": {"binary": differing}}
        return {
            "name": self.name,
            "reference": self.reference.resolved(),
            "graph": self.graph.resolved(),
            "network": self.network.resolved(),
            "train": train,
        }
