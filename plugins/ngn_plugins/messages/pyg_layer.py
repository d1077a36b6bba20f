"""Layers of torch_geometric by name, built from the arguments that a spec writes."""

from __future__ import annotations

import difflib
import inspect
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

import torch
from pydantic import ConfigDict, PositiveInt, TypeAdapter, ValidationError
from torch import Tensor, nn

GIVEN = {
    "in_channels": "the nodes' features",
    "channels": "the nodes' features",
    "out_channels": "`width`",
    "edge_dim": "the edges' features",
    "dim": "the edges' features",
    "in_edge_channels": "the edges' features",
    "deg": "the training part",
    "flow": "the template",
    "node_dim": "the template",
}
"""Arguments that are not the spec's to write, and where they come from."""

OFF = {
    "add_self_loops": "in a crystal an edge to an atom's own image is a real edge, "
    "which the layer would delete",
    "batch_norm": "the layer's batch normalization does not know how many atoms one "
    "node stands for",
}
"""Arguments that are false, and why."""

_FAULTS = (
    *(TypeError, ValueError, AssertionError, RuntimeError, LookupError),
    *(AttributeError, ArithmeticError, ImportError),
)
"""What layers raise at arguments that do not fit, or where a package is missing."""


@cache
def layer_class(name: str) -> type[nn.Module]:
    """Return a convolution of torch_geometric that takes edge features.

    Raises:
        ValueError: where torch_geometric is missing or has no such convolution.
    """
    try:
        from torch_geometric import nn as layers
    except ImportError as error:
        raise ValueError(
            f"torch_geometric to be installed, for the layer {name} ({error})"
        ) from error
    known = {key: value for key, value in vars(layers).items() if _fits(value, layers)}
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise ValueError(
            "a convolution of torch_geometric.nn that takes edge_attr: "
            f"{', '.join(sorted(known))}{hint}"
        )
    found: type[nn.Module] = known[name]
    return found


def _fits(value: Any, layers: Any) -> bool:
    """Return whether a value is a convolution with features of edges of one type."""
    if not inspect.isclass(value) or not issubclass(value, layers.MessagePassing):
        return False
    takes = inspect.signature(getattr(value, "forward")).parameters  # noqa: B009
    return "edge_attr" in takes and "edge_type" not in takes


def check_arguments(name: str, written: Mapping[str, Any]) -> None:
    """Check what a spec writes for a layer against the layer's signature.

    Raises:
        ValueError: for an argument that the layer does not have, that is not the
            spec's to give, that is missing or of another type.
    """
    parameters = _parameters(name)
    free = [key for key in parameters if key not in (*GIVEN, *OFF)]
    for key, value in written.items():
        if key in GIVEN and key in parameters:
            raise ValueError(f"no `{key}`, which comes from {GIVEN[key]}")
        if key in OFF and key in parameters:
            if value:
                raise ValueError(f"`{key}: false`: {OFF[key]}")
            continue
        if key not in free:
            close = difflib.get_close_matches(key, free, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ValueError(
                f"no `{key}`; {name} takes {', '.join(free) or 'no argument'}{hint}"
            )
        _check_type(name, key, value)
    missing = [
        key
        for key in free
        if parameters[key].default is inspect.Parameter.empty and key not in written
    ]
    if missing:
        raise ValueError(f"{', '.join(f'`{key}`' for key in missing)} for {name}")


def keeps_width(name: str) -> bool:
    """Return whether a layer gives features of the nodes' own width."""
    return not {"out_channels", "nn"} & set(_parameters(name))


def build_layer(
    name: str,
    written: Mapping[str, Any],
    node: int,
    edge: int | None,
    width: int,
) -> nn.Module:
    """Return the layer.

    Args:
        name: of its class.
        written: arguments of the spec, checked.
        node: width of the nodes' features.
        edge: width of the edges' features.
        width: of what leaves the layer (of each head, where heads are joined).

    Raises:
        ValueError: where the layer cannot be built, or would average over a batch.
    """
    parameters = _parameters(name)
    sizes: dict[str, Any] = {
        "in_channels": node,
        "channels": node,
        "out_channels": width,
        "edge_dim": edge,
        "dim": edge,
        "in_edge_channels": edge,
        "deg": torch.tensor([0, 1]),  # until the training part is seen
    }
    arguments = {key: value for key, value in sizes.items() if key in parameters}
    arguments |= {key: False for key in OFF if key in parameters}
    arguments |= dict(written)
    if "nn" in arguments:
        makes_matrices = "in_channels" in parameters  # one for each edge
        ends = (edge, node * width) if makes_matrices else (node, width)
        arguments["nn"] = _mlp(ends, arguments["nn"])
    try:
        layer: nn.Module = layer_class(name)(**arguments)
    except _FAULTS as error:
        reason = str(error) or type(error).__name__
        edges = ", and edges with features" if edge is None else ""
        raise ValueError(
            f"arguments that {name} can be built from{edges}: {reason}"
        ) from error
    for module in layer.modules():
        if "norm" in type(module).__name__.lower() and _of_batches(module):
            raise ValueError(
                f"{name} without {type(module).__name__}: it averages over a batch "
                "and does not know how many atoms one node stands for"
            )
    return layer


def output_width(layer: nn.Module, node: int, edge: int | None) -> int:
    """Return the width of what a layer gives, from a graph of two atoms.

    Raises:
        ValueError: where it cannot take such features.
    """
    index = torch.tensor([[0, 1], [1, 0]])
    features = None if edge is None else torch.zeros(2, edge)
    was_training = layer.training
    try:
        with torch.no_grad():
            made: Tensor = layer.eval()(torch.zeros(2, node), index, features)
    except _FAULTS as error:
        edges = "no features" if edge is None else f"features of width {edge}"
        raise ValueError(
            f"a layer that takes nodes of width {node} and edges with {edges}: {error}"
        ) from error
    layer.train(was_training)
    return made.shape[1]


def _of_batches(module: nn.Module) -> bool:
    """Return whether a normalization has statistics over rows."""
    return hasattr(module, "running_mean") or hasattr(module, "mean_scale")


def _mlp(ends: tuple[int | None, int], hidden: tuple[int, ...]) -> nn.Module:
    first, last = ends
    if first is None:
        raise ValueError("edges with features, which `nn` takes")
    widths = [first, *hidden, last]
    layers: list[nn.Module] = []
    for before, after in zip(widths, widths[1:], strict=False):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def _check_type(name: str, key: str, value: Any) -> None:
    if key == "nn":
        expected: Any = tuple[PositiveInt, ...]
        words = "`nn` as the widths of its hidden layers, [64] say"
    elif key == "aggr":
        expected = str | list[str]
        words = "`aggr` as the name of an aggregation, or several"
    else:
        hints = typing.get_type_hints(layer_class(name).__init__)
        expected = hints.get(key, Any)
        words = f"`{key}` of type {inspect.formatannotation(expected)}"
    config = ConfigDict(arbitrary_types_allowed=True)
    try:
        TypeAdapter(expected, config=config).validate_python(value, strict=key != "nn")
    except ValidationError as error:
        raise ValueError(f"{words}, found {value!r}") from error


def _parameters(name: str) -> Mapping[str, inspect.Parameter]:
    """Return the arguments of a layer; of all that its base class takes, `aggr`."""
    found = dict(inspect.signature(layer_class(name).__init__).parameters)
    del found["self"]
    if found.pop("kwargs", None) is not None and "aggr" not in found:
        kind = inspect.Parameter.KEYWORD_ONLY
        found["aggr"] = inspect.Parameter("aggr", kind, default="add")
    return found
