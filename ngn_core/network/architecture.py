"""What is known of a spec's network before it has weights, asked once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from ngn_core.errors import SpecError
from ngn_core.network.build import assemble_network
from ngn_core.network.needs import Need, columns_of, needs_of
from ngn_core.network.network import Network
from ngn_core.network.reach import Reach, short_reaches
from ngn_core.spec.spec import Spec


@dataclass(frozen=True, eq=False)
class Architecture:
    """What a spec's network is made of, what it reads and how far it sees.

    Attributes:
        network: its modules on the meta device: widths and shapes, no numbers. It is
            shared; nobody may change it.
        needs: every column that a component reads.
        columns: these columns by level; `state` for those of the crystal as a whole.
        reaches: components that do not see the longest edges that the graph can have.
        extensive: whether the prediction grows with the cell.
        parameters: how many numbers are trained.
    """

    network: Network
    needs: tuple[Need, ...]
    columns: Mapping[str, frozenset[str]]
    reaches: tuple[Reach, ...]
    extensive: bool
    parameters: int


def architecture_of(spec: Spec) -> Architecture:
    """Return the architecture of a spec; equal specs share one.

    Raises:
        SpecError: where its network cannot be built.
    """
    uses = tuple(use.component for use in spec.components("regression"))
    written = json.dumps([spec.graph.resolved(), spec.network.resolved()])
    return _ask(_Sections(spec, written, uses))


@dataclass(frozen=True)
class _Sections:
    """The graph and network of a spec, equal where text and classes are.

    Classes, not their names: those of a plugin file that was loaded again are new.
    """

    spec: Spec = field(compare=False)
    written: str
    classes: tuple[type, ...]


@lru_cache(maxsize=64)
def _ask(sections: _Sections) -> Architecture:
    spec = sections.spec
    network = _without_weights(spec)
    needs = tuple(needs_of(network))
    return Architecture(
        network=network,
        needs=needs,
        columns=MappingProxyType(columns_of(needs)),
        reaches=tuple(short_reaches(spec, network)),
        extensive=network.readout.extensive,
        parameters=sum(p.numel() for p in network.parameters() if p.requires_grad),
    )


def _without_weights(spec: Spec) -> Network:
    """Return the spec's network on the meta device.

    A component may compute with weights as it is built, which are not there. Then the
    network is built for real; so it is where the spec has a problem.
    """
    try:
        with _EmptyOnMeta():
            network = assemble_network(spec)
    except SpecError:
        network = assemble_network(spec)
    return network.to("meta")


_DRAWS = {nn.init.uniform_, nn.init.normal_, nn.init.kaiming_uniform_}
"""What torch's layers draw their weights with."""


class _EmptyOnMeta(TorchFunctionMode):
    """Makes tensors of `torch.empty` on the meta device, and draws no numbers for them.

    They are the weights of torch's layers. What components compute as they are built,
    such as tables, keeps its numbers. A default device of `meta` would take them away,
    and both that and drawing import torch's compiler, which takes a second.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the function returns."""
        asked = dict(kwargs or {})
        if func is torch.empty and asked.get("device") is None:
            asked["device"] = "meta"
        if func in _DRAWS and asked["tensor"].is_meta:
            return asked["tensor"]
        return func(*args, **asked)
