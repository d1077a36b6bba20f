"""A spec, resolved: every default filled in, every component chosen and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from ngn_core.errors import Problem, SpecError
from ngn_core.plugin.options import Kind, Options, Use
from ngn_core.spec.document import Document
from ngn_core.spec.graph import GraphOptions
from ngn_core.spec.sweep import Point

Task = Literal["regression", "binary"]
Precision = Literal["float32", "tf32", "bf16"]
BatchBy = Literal["crystals", "edges"]


class Reference(Options):
    """Where an architecture was published."""

    doi: str | None = Field(None, description="DOI of the paper")
    authors: tuple[str, ...] = Field((), description="of the paper, in their order")
    title: str | None = Field(None, description="of the paper")
    journal: str | None = Field(None, description="where it is published")
    volume: int | None = Field(None, description="of the journal")
    pages: str | None = Field(None, description="first and last, or the article")
    year: int | None = Field(None, description="of publication")
    note: str | None = Field(None, description="protocol and published score")

    def resolved(self) -> dict[str, Any]:
        """Return what is said; what is not, is not there."""
        return {key: value for key, value in super().resolved().items() if value}


class Tuned(Options):
    """Where a spec that was tuned comes from: the labels that its choice saw."""

    spec: str = Field(description="name of the spec that was tuned")
    dataset: str = Field(description="name of the dataset")
    target: str = Field(description="what was predicted")
    fold: int = Field(ge=0, description="whose training part was parted for it")
    folds: int = Field(gt=0, description="how many there are")
    tested: str = Field(description="sha256 of the ids that the fold tests on")
    trials: int = Field(gt=0, description="of the study")
    score: float = Field(description="of the best one, on the inner rows")
    metric: str = Field(description="of that score, with its unit")


class TrainOptions(Options):
    """How a network is trained."""

    epochs: int = Field(gt=0, description="passes over the training part")
    batch_size: int = Field(gt=0, description="crystals a step")
    batch_by: BatchBy = Field(
        "crystals",
        description="what every batch has as many of; by edges, about as many: then "
        "batch_size is the mean number of crystals",
    )
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
    average: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="decay of a running mean of the weights, by step: validated and "
        "tested in place of the last weights",
    )
    precision: Precision = Field(
        "float32",
        description="of the matrix products in training: tf32 and bf16 round their "
        "factors where the device has such products; all tensors stay float32",
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
        divide: what nodes receive is divided by it, or None.
    """

    use: Use
    repeat: int
    on: Literal["edges", "messages"] | None
    nest: BlockSpec | None
    divide: float | None = None

    def uses(self) -> Iterator[Use]:
        """Yield the message functions, outermost first."""
        yield self.use
        if self.nest is not None:
            yield from self.nest.uses()

    def resolved(self) -> dict[str, Any]:
        """Return the section with all defaults, as plain data."""
        plain = {"repeat": self.repeat, **self.use.resolved()}
        if self.divide is not None:
            plain["divide"] = self.divide
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
        point: of a sweep, None outside of one.
        tuned: where it was tuned, None where it was not.
    """

    name: str
    reference: Reference
    graph: GraphSpec
    network: NetworkSpec
    train: Mapping[Task, TrainOptions]
    file: str
    document: Document = field(repr=False, compare=False)
    point: Point | None = None
    tuned: Tuned | None = None

    def with_epochs(self, epochs: int) -> Spec:
        """Return the spec with so many epochs for every task."""
        train = {
            task: options.model_copy(update={"epochs": epochs})
            for task, options in self.train.items()
        }
        return replace(self, train=train)

    def with_learning_rate(self, rate: float) -> Spec:
        """Return the spec with a learning rate at the start, for every task.

        Raises:
            SpecError: for an optimizer that has no option `lr`.
        """
        train = {}
        for task, options in self.train.items():
            optimizer = options.optimizer
            if "lr" not in type(optimizer.options).model_fields:
                found, expected = optimizer.name, "an optimizer with the option lr"
                raise SpecError([self.problem("train.optimizer", found, expected)])
            rated = optimizer.options.model_copy(update={"lr": rate})
            chosen = replace(optimizer, options=rated)
            train[task] = options.model_copy(update={"optimizer": chosen})
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
        tuned = {} if self.tuned is None else {"tuned": self.tuned.resolved()}
        return {
            "name": self.name,
            "reference": self.reference.resolved(),
            **tuned,
            "graph": self.graph.resolved(),
            "network": self.network.resolved(),
            "train": train,
        }
