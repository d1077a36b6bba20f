"""From a spec's `network:` section to a network, with its widths checked."""

from __future__ import annotations

from collections.abc import Iterable

from ngn_core.errors import Problem, SpecError
from ngn_core.network.block import Block, Blocks
from ngn_core.network.embedding import Embeddings
from ngn_core.network.network import Network
from ngn_core.plugin.interfaces.embedding import Embedding, Widths
from ngn_core.plugin.interfaces.message_function import Dims, MessageFunction
from ngn_core.plugin.levels import LEVELS
from ngn_core.spec.spec import BlockSpec, Spec

_NOTHING = Widths(None, None)


def build_network(spec: Spec) -> Network:
    """Return the spec's network with fresh weights.

    Raises:
        SpecError: where widths do not fit, an output is not one number, or a hook that
            uses directions meets a quotient.
    """
    network = spec.network
    levels: dict[str, Embedding] = {}
    widths: list[Widths] = []
    for level in LEVELS[: 2 + len(spec.graph.options.nest)]:
        below = widths[-1] if widths else None
        if level in network.embed:
            levels[level] = network.embed[level].build(below)
            widths.append(Widths(levels[level].width, levels[level].basis_width))
        else:
            widths.append(_NOTHING)
    state = network.embed["state"].build(None) if "state" in network.embed else None
    features = [level.features for level in widths]
    bases = [level.basis for level in widths]
    state_width = None if state is None else state.width
    blocks = Blocks()
    dims: list[Dims] = []
    for block in network.blocks:
        for _ in range(block.repeat):
            built, features, state_width = _block(block, features, bases, state_width)
            blocks.append(built)
            dims.append(Dims(features[0], features[1], state_width, bases[1]))
    readout = network.readout.build(dims)
    head = None if network.head is None else network.head.build(readout.width)
    width = readout.width if head is None else head.width
    if width != 1:
        found = f"{width} outputs"
        raise _problem(spec, "network.head", found, "1 output, the target")
    built_network = Network(Embeddings(levels, state), blocks, readout, head)
    _check_invariance(spec, built_network)
    if network.init is not None:
        initialization = network.init.build()
        for module in built_network.modules():
            initialization.draw(module)
    return built_network


def needed_columns(network: Network) -> dict[str, frozenset[str]]:
    """Return the columns that a network reads, by level; `state` for the crystal's."""
    needs: dict[str, set[str]] = {level: set() for level in (*LEVELS, "state")}
    for level, embedding in network.embeddings.levels.items():
        assert isinstance(embedding, Embedding)
        needs[level] |= embedding.needs
    if network.embeddings.state is not None:
        needs["state"] |= network.embeddings.state.needs
    for hooks in _hooks(network):
        for column in hooks.needs:
            level, _, name = column.partition(".")
            needs[level].add(name)
    return {level: frozenset(names) for level, names in needs.items()}


def _block(
    spec: BlockSpec,
    features: list[int | None],
    bases: list[int | None],
    state: int | None,
) -> tuple[Block, list[int | None], int | None]:
    """Return the block, and the widths of all features after it."""
    node, edge, *above = features
    hooks = spec.use.build(Dims(node, edge, state, bases[1]))
    nested = None
    if spec.nest is not None:
        nested = Blocks()
        width = hooks.exposed_width if spec.on == "edges" else hooks.message_width
        inner = [width, *above]
        for _ in range(spec.nest.repeat):
            block, inner, state = _block(spec.nest, inner, bases[1:], state)
            nested.append(block)
        above = inner[1:]
    after = [hooks.node_width, hooks.edge_width, *above]
    return Block(hooks, nested, spec.on), after, hooks.state_width


def _hooks(network: Network) -> Iterable[MessageFunction]:
    return (part for part in network.modules() if isinstance(part, MessageFunction))


def _check_invariance(spec: Spec, network: Network) -> None:
    symmetry = spec.graph.options.symmetry
    for hooks in _hooks(network):
        if not hooks.invariant and symmetry != "none":
            expected = (
                f"`none`: {hooks.name} uses directions, which differ between "
                "symmetry-equivalent atoms, so that one cannot stand for the others"
            )
            raise _problem(spec, "graph.symmetry", repr(symmetry), expected)


def _problem(spec: Spec, key: str, found: str, expected: str) -> SpecError:
    return SpecError([Problem(spec.file, None, key, found, expected)])
