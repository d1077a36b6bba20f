"""From a spec's `network:` section to a network, with its widths checked."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from ngn_core.errors import SpecError
from ngn_core.network.block import Block, Blocks
from ngn_core.network.embedding import Embedding, Widths
from ngn_core.network.embeddings import Embeddings
from ngn_core.network.message_function import Dims, MessageFunction
from ngn_core.network.network import Network
from ngn_core.plugin.levels import LEVELS
from ngn_core.plugin.options import Use
from ngn_core.spec.spec import BlockSpec, Spec

_NOTHING = Widths(None, None)


def build_network(spec: Spec) -> Network:
    """Return the spec's network with fresh weights.

    Raises:
        SpecError: where widths do not fit, an output is not one number, or a hook that
            uses directions meets a quotient.
    """
    network = assemble_network(spec)
    if spec.network.init is not None:
        initialization = spec.network.init.build()
        for module in network.modules():
            initialization.draw(module)
    return network


def assemble_network(spec: Spec) -> Network:
    """Return the spec's network as its components make it, before `network.init`.

    Raises:
        SpecError: see `build_network`.
    """
    network = spec.network
    levels: dict[str, Embedding] = {}
    widths: list[Widths] = []
    for level in LEVELS[: 2 + len(spec.graph.options.nest)]:
        below = widths[-1] if widths else None
        if level in network.embed:
            use = network.embed[level]
            levels[level] = _component(spec, f"network.embed.{level}", use, below)
            widths.append(Widths(levels[level].width, levels[level].basis_width))
        else:
            widths.append(_NOTHING)
    state = None
    if "state" in network.embed:
        state = _component(spec, "network.embed.state", network.embed["state"], None)
    features = [level.features for level in widths]
    bases = [level.basis for level in widths]
    state_width = None if state is None else state.width
    blocks = Blocks()
    dims: list[Dims] = []
    last: MessageFunction | None = None
    for position, block in enumerate(network.blocks):
        key = f"network.blocks.{position}"
        for _ in range(block.repeat):
            built, features, state_width = _block(
                spec, key, block, features, bases, state_width
            )
            _check_fields(spec, key, last, built.hooks)
            last = built.hooks
            blocks.append(built)
            dims.append(Dims(features[0], features[1], state_width, bases[1]))
    readout = _component(spec, "network.readout", network.readout, dims)
    head, width = None, readout.width
    if network.head is not None:
        head = _component(spec, "network.head", network.head, width)
        width = head.width
    if width != 1:
        found = f"{width} outputs"
        raise _problem(spec, "network.head", found, "1 output, the target")
    _check_symmetry(spec, blocks)
    return Network(Embeddings(levels, state), blocks, readout, head)


def sums(hooks: MessageFunction) -> bool:
    """Return whether nodes receive the plain sum of messages."""
    return type(hooks).aggregate is MessageFunction.aggregate


def _block(
    spec: Spec,
    key: str,
    block: BlockSpec,
    features: list[int | None],
    bases: list[Any],
    state: int | None,
) -> tuple[Block, list[int | None], int | None]:
    """Return the block, and the widths of all features after it."""
    node, edge, *above = features
    if node is None:
        expected = f"nodes with features for {block.use.name} to work on"
        raise _problem(spec, key, "nodes without features", expected)
    line_basis = bases[2] if block.on == "edges" else None
    given = Dims(node, edge, state, bases[1], line_basis)
    hooks = _component(spec, key, block.use, given)
    nested = None
    if block.nest is not None:
        nested = Blocks()
        width = hooks.exposed_width if block.on == "edges" else hooks.message_width
        inner = [width, *above]
        for _ in range(block.nest.repeat):
            part, inner, state = _block(
                spec, f"{key}.nest", block.nest, inner, bases[1:], state
            )
            nested.append(part)
        if inner[0] != width:
            found = f"{block.on} of width {width} that come back with {inner[0]}"
            expected = f"the width that {block.use.name} gives and takes"
            raise _problem(spec, f"{key}.nest", found, expected)
        above = inner[1:]
    after = [hooks.node_width, hooks.edge_width, *above]
    divide = 1.0 if block.divide is None else block.divide
    if divide != 1 and not sums(hooks):
        found = f"{divide:g} beside {block.use.name}, which aggregates in its own way"
        raise _problem(spec, f"{key}.divide", found, "a message function that sums")
    made = Block(hooks, nested, block.on, divide, key)
    return made, after, hooks.state_width


def _component(spec: Spec, key: str, use: Use, *widths: Any) -> Any:
    """Return a component; what a stranger's class raises is a problem of the spec."""
    try:
        return use.build(*widths)
    except ValueError as error:
        raise _problem(spec, key, use.name, str(error)) from error
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"{type(error).__name__}: {error}".removesuffix(": ")
        found = f"{reason}, at {Path(frame.filename).name}:{frame.lineno}"
        expected = f"a component {use.name} that can be built from {widths}"
        raise _problem(spec, key, found, expected) from error


def _check_fields(
    spec: Spec, key: str, before: MessageFunction | None, hooks: MessageFunction
) -> None:
    """Refuse a block after one whose nodes have fields that it does not know."""
    fields = None if before is None else before.node_fields
    if before is not None and fields is not None and hooks.node_fields != fields:
        names = ", ".join(fields.__annotations__)
        found = f"{hooks.name} after {before.name}, whose nodes have fields: {names}"
        expected = f"{before.name}, or another block that takes and gives these fields"
        raise _problem(spec, key, found, expected)


def _check_symmetry(spec: Spec, blocks: Blocks) -> None:
    symmetry = spec.graph.options.symmetry
    for _, block in blocks.walk():
        if not block.hooks.invariant and symmetry != "none":
            expected = (
                f"`none`: {block.hooks.name} uses directions, which differ between "
                "symmetry-equivalent atoms, so that one cannot stand for the others"
            )
            raise _problem(spec, "graph.symmetry", repr(symmetry), expected)
        if not block.hooks.counts_multiplicity and symmetry == "orbits":
            expected = (
                f"`asymmetric` or `none`: {block.hooks.name} sums each edge once and "
                "does not know how many equivalent edges it stands for"
            )
            raise _problem(spec, "graph.symmetry", repr(symmetry), expected)


def _problem(spec: Spec, key: str, found: str, expected: str) -> SpecError:
    return SpecError([spec.problem(key, found, expected)])
