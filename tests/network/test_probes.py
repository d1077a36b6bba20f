"""Miniatures of the hard shapes, against straight-line code with loops."""

import ast
import inspect
import re
from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn

import ngn_core.api as ngn
from ngn_core.network import block as template
from ngn_core.network.block import Block, Blocks
from ngn_core.network.embeddings import Embeddings
from ngn_core.network.graph import nest_levels
from ngn_core.network.network import Network

WEIGHTED = pytest.mark.parametrize("weighted", [False, True])


def graph_of(batch, bases=None):
    bases = bases or [None] * len(batch.levels)
    return nest_levels(batch.levels, bases, batch.crystals)


def edges_of(rows):
    """(k, sender, receiver, multiplicity) of each item of a level."""
    ends = zip(*rows.index.tolist(), rows.multiplicity.tolist(), strict=True)
    return [(k, *end) for k, end in enumerate(ends)]


def features(batch, *widths):
    return tuple(
        torch.randn(len(rows.weight), width)
        for rows, width in zip(batch.levels, widths, strict=True)
    )


def same(found, wanted):
    torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12)


def stored_tensors(module):
    """Names of the tensors that modules hold and that are no parameters or buffers."""
    return [
        f"{name}.{key}"
        for name, part in module.named_modules()
        for key, value in vars(part).items()
        if key not in ("_parameters", "_buffers") and holds_tensor(value)
    ]


def holds_tensor(value):
    if isinstance(value, dict):
        return any(map(holds_tensor, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(holds_tensor, value))
    return isinstance(value, (Tensor, ngn.Endpoint, ngn.Graph))


class GateAndValue(NamedTuple):
    value: Tensor
    gate: Tensor


class SharedGate(ngn.MessageFunction):
    """A gate that shares its pre-activation with the new edge (ALIGNN)."""

    name = "shared_gate"

    def __init__(self, dims):
        super().__init__(ngn.Options(), dims)
        self.joined = ngn.JoinedLinear([dims.edge, dims.node, dims.node], dims.edge)
        self.value = nn.Linear(dims.node, dims.edge)
        self.own = nn.Linear(dims.node, dims.edge)

    def interact(self, edge, sender, receiver, state, graph):
        shared = self.joined(edge, sender, receiver)
        gate = shared.sigmoid()
        message = GateAndValue(gate * sender.map(self.value), gate)
        return edge + shared.tanh(), message

    def aggregate(self, message, graph):
        total = graph.onto_receiver.sum(message)
        return total.value / (total.gate + 1e-6)

    def update_node(self, node, received, state, graph):
        return node + (self.own(node) + received).tanh()


@WEIGHTED
@torch.no_grad()
def test_a_gate_may_share_its_pre_activation_with_the_new_edge(random_batch, weighted):
    batch = random_batch(0, weighted=weighted)
    node, edge = features(batch, 4, 4)
    hooks = SharedGate(ngn.Dims(4, 4))
    (new_node, new_edge), state = Block(hooks)((node, edge), None, graph_of(batch))
    assert state is None
    top, bottom = torch.zeros(len(node), 4), torch.zeros(len(node), 4)
    for k, j, i, weight in edges_of(batch.levels[1]):
        joined = torch.cat([edge[k], node[j], node[i]])
        shared = hooks.joined.weight @ joined + hooks.joined.bias
        same(new_edge[k], edge[k] + shared.tanh())
        top[i] += weight * shared.sigmoid() * hooks.value(node[j])
        bottom[i] += weight * shared.sigmoid()
    for i in range(len(node)):
        received = top[i] / (bottom[i] + 1e-6)
        same(new_node[i], node[i] + (hooks.own(node[i]) + received).tanh())


class ThreeBody(ngn.MessageFunction):
    """Bonds take in the atoms at the far ends of other bonds (M3GNet)."""

    name = "three_body"

    def __init__(self, dims, exposed):
        super().__init__(ngn.Options(), dims)
        self.exposed_width = exposed
        self.far = nn.Linear(dims.node, exposed)
        self.back = nn.Linear(exposed, dims.edge, bias=False)
        self.edge = ngn.JoinedLinear([dims.node, dims.node, dims.edge], dims.edge)
        self.sent = nn.Linear(dims.edge, dims.node)

    def expose(self, edge, sender, receiver, state, graph):
        return sender.map(lambda node: self.far(node).sigmoid())

    def absorb(self, edge, nested, sender, receiver, state, graph):
        return edge + self.back(nested)

    def update_edge(self, edge, sender, receiver, state, graph):
        return edge + self.edge(sender, receiver, edge).tanh()

    def message(self, edge, sender, receiver, state, graph):
        return self.sent(edge)

    def update_node(self, node, received, state, graph):
        return node + received


class OtherBonds(ngn.MessageFunction):
    """What is nested in it: the angle's basis times the cutoffs of both bonds."""

    name = "other_bonds"
    needs = frozenset({"edge.length"})

    def message(self, edge, sender, receiver, state, graph):
        near = torch.exp(-graph.node.columns["length"]).unsqueeze(1)
        cutoffs = graph.edge.sender(near).features * graph.edge.receiver(near).features
        return graph.basis * sender.features * cutoffs

    def update_node(self, node, received, state, graph):
        return received


@WEIGHTED
@torch.no_grad()
def test_a_nest_on_edges_may_see_the_atom_at_the_far_end(random_batch, weighted):
    batch = random_batch(1, 3, weighted=weighted)
    node, edge, _ = features(batch, 4, 6, 1)
    basis = torch.randn(len(batch.levels[2].weight), 5)
    hooks = ThreeBody(ngn.Dims(4, 6), 5)
    nested = Blocks([Block(OtherBonds(ngn.Options(), ngn.Dims(5, None, None, 5)))])
    graph = graph_of(batch, [None, None, basis])
    assert graph.line.node is graph.edge
    block = Block(hooks, nested, "edges")
    (new_node, new_edge, angle), _ = block((node, edge, None), None, graph)
    assert angle is None
    near = torch.exp(-batch.levels[1].columns["length"])
    bonds, angles = edges_of(batch.levels[1]), edges_of(batch.levels[2])
    far = {k: hooks.far(node[j]).sigmoid() for k, j, _, _ in bonds}
    received = torch.zeros(len(node), 4)
    for k, j, i, weight in bonds:
        taken = torch.zeros(5)
        for a, sent, to, times in angles:
            if to == k:
                taken += times * basis[a] * far[sent] * near[sent] * near[k]
        bond = edge[k] + hooks.back.weight @ taken
        joined = torch.cat([node[j], node[i], bond])
        bond = bond + (hooks.edge.weight @ joined + hooks.edge.bias).tanh()
        same(new_edge[k], bond)
        received[i] += weight * hooks.sent(bond)
    same(new_node, node + received)


class EdgeBlock(ngn.MessageFunction):
    """A block that only makes edges (DimeNet++'s embedding)."""

    name = "edge_block"

    def __init__(self, dims, width):
        super().__init__(ngn.Options(), dims)
        self.joined = ngn.JoinedLinear([dims.node, dims.node, dims.basis], width)
        self.edge_width = width

    def update_edge(self, edge, sender, receiver, state, graph):
        assert edge is None
        return self.joined(sender, receiver, graph.basis).tanh()


class Directional(ngn.MessageFunction):
    """A block whose edges exchange messages and whose nodes receive none."""

    name = "directional"

    def __init__(self, dims):
        super().__init__(ngn.Options(), dims)
        self.exposed = nn.Linear(dims.edge, dims.edge)
        self.basis = nn.Linear(dims.basis, dims.edge, bias=False)

    def expose(self, edge, sender, receiver, state, graph):
        return self.exposed(edge).tanh() * self.basis(graph.basis)

    def absorb(self, edge, nested, sender, receiver, state, graph):
        return edge + nested


class Turned(ngn.MessageFunction):
    """What is nested in it."""

    name = "turned"

    def __init__(self, dims):
        super().__init__(ngn.Options(), dims)
        self.basis = nn.Linear(dims.basis, dims.node, bias=False)

    def message(self, edge, sender, receiver, state, graph):
        return sender.features * self.basis(graph.basis)

    def update_node(self, node, received, state, graph):
        return received.tanh()


class OfEveryBlock(ngn.Readout):
    """A sum over blocks, edges onto nodes onto the crystal."""

    name = "of_every_block"
    every_block = True

    def __init__(self, dims):
        super().__init__(ngn.Options(), dims)
        self.width = 1
        self.basis = nn.ModuleList(nn.Linear(d.basis, d.edge) for d in dims)
        self.out = nn.ModuleList(nn.Linear(d.edge, 1) for d in dims)

    def forward(self, blocks, graph):
        total = 0
        parts = zip(blocks, self.basis, self.out, strict=True)
        for (_, edge, _), basis, out in parts:
            received = graph.onto_receiver.sum(basis(graph.basis) * edge)
            total = total + graph.node.onto_crystal.sum(out(received).tanh())
        return total


class Atoms(ngn.Embedding):
    name = "atoms"

    def __init__(self, width):
        super().__init__(ngn.Options(), None)
        self.width = width
        self.table = nn.Embedding(119, width)

    def forward(self, rows, below):
        return ngn.Embedded(self.table(rows.columns["atomic_number"]), None)


class Radial(ngn.Embedding):
    name = "radial"

    def forward(self, rows, below):
        multiples = torch.arange(1, 4) * rows.columns["length"].unsqueeze(1)
        return ngn.Embedded(None, multiples.sin())


class Spherical(ngn.Embedding):
    """An angle's basis from the radial basis of its sender edge."""

    name = "spherical"

    def forward(self, rows, below):
        angle = rows.columns["angle"].unsqueeze(1)
        return ngn.Embedded(None, rows.sender(below.basis).features * angle.cos())


def directional_network():
    nested = [Blocks([Block(Turned(ngn.Dims(4, None, None, 3)))]) for _ in range(2)]
    outer = [Block(Directional(ngn.Dims(2, 4, None, 3)), n, "edges") for n in nested]
    blocks = Blocks([Block(EdgeBlock(ngn.Dims(2, None, None, 3), 4)), *outer])
    levels = {
        "node": Atoms(2),
        "edge": Radial(ngn.Options(), None),
        "angle": Spherical(ngn.Options(), None),
    }
    readout = OfEveryBlock([ngn.Dims(2, 4, None, 3)] * 3)
    return Network(Embeddings(levels, None), blocks, readout, None)


@WEIGHTED
@torch.no_grad()
def test_a_readout_may_collect_from_every_block(random_batch, weighted):
    batch = random_batch(2, 3, weighted=weighted)
    network = directional_network()
    node = network.embeddings.levels["node"].table(
        batch.levels[0].columns["atomic_number"]
    )
    first, *rest = network.blocks
    bonds, angles = edges_of(batch.levels[1]), edges_of(batch.levels[2])
    radial = [
        torch.stack([torch.sin(n * length) for n in (1, 2, 3)])
        for length in batch.levels[1].columns["length"]
    ]
    cosine = batch.levels[2].columns["angle"].cos()
    edge = {}
    for k, j, i, _ in bonds:
        joined = torch.cat([node[j], node[i], radial[k]])
        hooks = first.hooks
        edge[k] = (hooks.joined.weight @ joined + hooks.joined.bias).tanh()
    wanted = torch.zeros(2, 1)
    for number in range(3):
        if number > 0:
            hooks = rest[number - 1].hooks
            turned = rest[number - 1].nested[0].hooks
            sent = {
                k: hooks.exposed(edge[k]).tanh() * hooks.basis(radial[k]) for k in edge
            }
            taken = {k: torch.zeros(4) for k in edge}
            for a, one, two, times in angles:
                taken[two] += times * sent[one] * turned.basis(radial[one] * cosine[a])
            edge = {k: edge[k] + taken[k].tanh() for k in edge}
        received = [torch.zeros(4) for _ in node]
        for k, _, i, weight in bonds:
            received[i] += weight * network.readout.basis[number](radial[k]) * edge[k]
        for i, arrived in enumerate(received):
            out = network.readout.out[number](arrived).tanh()
            rows = batch.levels[0]
            wanted[rows.crystal[i]] += rows.weight[i] * out
    same(network(batch), wanted)


class ScalarsAndVectors(NamedTuple):
    scalar: Tensor
    vector: Tensor


class Equivariant(ngn.MessageFunction):
    """Vectors beside features (PaiNN)."""

    name = "equivariant"
    needs = frozenset({"edge.vector"})
    invariant = False

    def __init__(self, dims):
        super().__init__(ngn.Options(), dims)
        self.parts = nn.Linear(dims.node, 3 * dims.node)
        self.mixed = nn.Linear(dims.node, dims.node, bias=False)

    def message(self, edge, sender, receiver, state, graph):
        scalar, along, scale = sender.map(lambda v: self.parts(v.scalar)).chunk(3, 1)
        direction = graph.edge.columns["vector"].unsqueeze(2)
        carried = sender.features.vector * scale.unsqueeze(1)
        return ScalarsAndVectors(scalar, direction * along.unsqueeze(1) + carried)

    def update_node(self, node, received, state, graph):
        vector = node.vector + received.vector
        length = self.mixed(vector).square().sum(1)
        return ScalarsAndVectors(node.scalar + received.scalar * length, vector)


def equivariant_atoms(batch):
    count = len(batch.levels[0].weight)
    return ScalarsAndVectors(torch.randn(count, 4), torch.randn(count, 3, 4))


@torch.no_grad()
def test_features_may_be_vectors_beside_scalars(random_batch):
    batch = random_batch(3, weighted=False)
    node = equivariant_atoms(batch)
    hooks = Equivariant(ngn.Dims(4, None))
    (new, edge), _ = Block(hooks)((node, None), None, graph_of(batch))
    assert edge is None
    assert isinstance(new, ScalarsAndVectors)
    scalars, vectors = torch.zeros(len(node.scalar), 4), node.vector.clone()
    for k, j, i, _ in edges_of(batch.levels[1]):
        parts = hooks.parts(node.scalar[j])
        scalars[i] += parts[:4]
        for axis in range(3):
            along = batch.levels[1].columns["vector"][k, axis] * parts[4:8]
            vectors[i, axis] += along + node.vector[j, axis] * parts[8:]
    same(new.vector, vectors)
    for i in range(len(scalars)):
        length = sum(hooks.mixed(vectors[i, axis]) ** 2 for axis in range(3))
        same(new.scalar[i], node.scalar[i] + scalars[i] * length)


@torch.no_grad()
def test_a_rotation_turns_the_vectors_and_leaves_the_scalars(random_batch):
    batch = random_batch(4, weighted=False)
    node = equivariant_atoms(batch)
    block = Block(Equivariant(ngn.Dims(4, None)))
    (new, _), _ = block((node, None), None, graph_of(batch))
    turn, _ = torch.linalg.qr(torch.randn(3, 3))
    columns = batch.levels[1].columns
    columns["vector"] = columns["vector"] @ turn.T
    turned = ScalarsAndVectors(node.scalar, turn @ node.vector)
    (again, _), _ = block((turned, None), None, graph_of(batch))
    same(again.scalar, new.scalar)
    same(again.vector, turn @ new.vector)


class WithState(ngn.MessageFunction):
    """Means of edges and nodes make the state, which all of them see (MEGNet)."""

    name = "with_state"

    def __init__(self, dims):
        super().__init__(ngn.Options(), dims)
        node, edge, state = dims.node, dims.edge, dims.state
        self.into = nn.Linear(node, node)
        self.edge = ngn.JoinedLinear([node, node, edge, state], edge)
        self.node = ngn.JoinedLinear([node, edge, state], node)
        self.state = ngn.JoinedLinear([state, edge, node], state)

    def enter(self, node, edge, state, graph):
        return self.into(node), edge, state

    def update_edge(self, edge, sender, receiver, state, graph):
        return self.edge(sender, receiver, edge, state).tanh()

    def message(self, edge, sender, receiver, state, graph):
        return edge

    def aggregate(self, message, graph):
        return graph.onto_receiver.mean(message)

    def update_node(self, node, received, state, graph):
        return self.node(node, received, state).tanh()

    def update_state(self, state, edge, node, graph):
        edges = graph.edge.onto_crystal.mean(edge)
        return self.state(state, edges, graph.node.onto_crystal.mean(node)).tanh()

    def leave(self, before, after, graph):
        return tuple(old + new for old, new in zip(before, after, strict=True))


class EdgesAndState(ngn.Readout):
    """Set2Set over edges, beside the state."""

    name = "edges_and_state"

    def __init__(self, dims):
        super().__init__(ngn.Options(), dims)
        self.width = 2 * dims[-1].edge + dims[-1].state
        self.pool = ngn.Set2Set(dims[-1].edge, 3)

    def forward(self, blocks, graph):
        _, edge, state = blocks[-1]
        return torch.cat([self.pool(edge, graph.edge.onto_crystal), state], dim=1)


def straight_set2set(cell, rows, steps):
    """Set2Set of the rows of one crystal, each as often as it counts."""
    pooled, memory = torch.zeros(2 * rows.shape[1]), None
    for _ in range(steps):
        query, _ = memory = cell(pooled, memory)
        share = torch.softmax(torch.stack([row @ query for row in rows]), 0)
        read = sum(part * row for part, row in zip(share, rows, strict=True))
        pooled = torch.cat([query, read])
    return pooled


@WEIGHTED
@torch.no_grad()
def test_a_state_is_made_of_all_and_edges_are_read_out(random_batch, weighted):
    batch = random_batch(5, weighted=weighted)
    nodes, edges = batch.levels
    node, edge = features(batch, 4, 3)
    state = torch.randn(2, 2)
    dims = ngn.Dims(4, 3, 2)
    hooks, readout = WithState(dims), EdgesAndState([dims])
    graph = graph_of(batch)
    (new_node, new_edge), new_state = Block(hooks)((node, edge), state, graph)
    pooled = readout([(new_node, new_edge, new_state)], graph)

    def linear(layer, *parts):
        return (layer.weight @ torch.cat(parts) + layer.bias).tanh()

    inside = [hooks.into(row) for row in node]
    made, arrived = {}, [[] for _ in node]
    for k, j, i, weight in edges_of(edges):
        seen = state[edges.crystal[k]]
        made[k] = linear(hooks.edge, inside[j], inside[i], edge[k], seen)
        arrived[i] += [made[k]] * int(weight)
        same(new_edge[k], edge[k] + made[k])
    after = []
    for i, messages in enumerate(arrived):
        mean = sum(messages) / len(messages) if messages else torch.zeros(3)
        after.append(linear(hooks.node, inside[i], mean, state[nodes.crystal[i]]))
        same(new_node[i], node[i] + after[i])
    for c in range(2):
        inner = [k for k in made for _ in range(int(edges.weight[k]))]
        inner = [k for k in inner if edges.crystal[k] == c]
        atoms = [i for i in range(len(node)) for _ in range(int(nodes.weight[i]))]
        atoms = [i for i in atoms if nodes.crystal[i] == c]
        mean_edge = sum(made[k] for k in inner) / len(inner)
        mean_node = sum(after[i] for i in atoms) / len(atoms)
        wanted = state[c] + linear(hooks.state, state[c], mean_edge, mean_node)
        same(new_state[c], wanted)
        rows = torch.stack([new_edge[k] for k in inner])
        wanted = torch.cat([straight_set2set(readout.pool.cells[0], rows, 3), wanted])
        same(pooled[c], wanted)


class AnyLevel(ngn.MessageFunction):
    """The same class for every level: it never sees the level's number."""

    name = "any_level"

    def __init__(self, width, state):
        super().__init__(ngn.Options(), ngn.Dims(width, width, state))
        self.message_width = width
        self.joined = ngn.JoinedLinear([width, width, width, state], width)
        self.sent = nn.Linear(width, width)
        self.received = nn.Linear(width, width)
        self.pooled = nn.Linear(width, state)

    def update_edge(self, edge, sender, receiver, state, graph):
        return edge + self.joined(edge, sender, receiver, state).tanh()

    def message(self, edge, sender, receiver, state, graph):
        return sender.map(self.sent) * edge

    def update_node(self, node, received, state, graph):
        return node + self.received(received).tanh()

    def update_state(self, state, edge, node, graph):
        return state + self.pooled(graph.edge.onto_crystal.mean(edge)).tanh()


def straight_interact(hooks, lower, upper, state, rows):
    edge, message = upper.clone(), torch.zeros_like(upper)
    for k, j, i, _ in edges_of(rows):
        joined = torch.cat([upper[k], lower[j], lower[i], state[rows.crystal[k]]])
        edge[k] += (hooks.joined.weight @ joined + hooks.joined.bias).tanh()
        message[k] = hooks.sent(lower[j]) * edge[k]
    return edge, message


def straight_receive(hooks, lower, message, edge, state, rows):
    received = torch.zeros_like(lower)
    for k, _, i, weight in edges_of(rows):
        received[i] += weight * message[k]
    states = []
    for c in range(2):
        inside = rows.crystal == c
        total = (rows.weight[inside].unsqueeze(1) * edge[inside]).sum(0)
        pooled = hooks.pooled(total / rows.weight[inside].sum())
        states.append(state[c] + pooled.tanh())
    return lower + hooks.received(received).tanh(), torch.stack(states)


def three_levels(on):
    hooks = [AnyLevel(4, 2) for _ in range(3)]
    torsions = Block(hooks[2])
    angles = Block(hooks[1], Blocks([torsions]), on)
    return hooks, Block(hooks[0], Blocks([angles]), on)


@WEIGHTED
@torch.no_grad()
def test_three_levels_nested_on_edges(random_batch, weighted):
    batch = random_batch(6, 4, weighted=weighted)
    levels, state = features(batch, 4, 4, 4, 4), torch.randn(2, 2)
    hooks, block = three_levels("edges")
    found, found_state = block(levels, state, graph_of(batch))
    levels = list(levels)
    for level in (2, 1, 0):  # torsions update angles update edges update nodes
        rows = batch.levels[level + 1]
        lower, upper = levels[level], levels[level + 1]
        edge, message = straight_interact(hooks[level], lower, upper, state, rows)
        levels[level + 1] = edge
        levels[level], state = straight_receive(
            hooks[level], lower, message, edge, state, rows
        )
    for one, two in zip((*found, found_state), (*levels, state), strict=True):
        same(one, two)


@WEIGHTED
@torch.no_grad()
def test_three_levels_nested_on_messages(random_batch, weighted):
    batch = random_batch(7, 4, weighted=weighted)
    levels, state = features(batch, 4, 4, 4, 4), torch.randn(2, 2)
    hooks, block = three_levels("messages")
    found, found_state = block(levels, state, graph_of(batch))
    updated, messages = [], [levels[0]]
    for level in (0, 1, 2):  # the messages of a level are the nodes of the next
        rows, upper = batch.levels[level + 1], levels[level + 1]
        edge, message = straight_interact(
            hooks[level], messages[-1], upper, state, rows
        )
        updated.append(edge)
        messages.append(message)
    carried = messages[3]
    for level in (2, 1, 0):
        carried, state = straight_receive(
            hooks[level],
            messages[level],
            carried,
            updated[level],
            state,
            batch.levels[level + 1],
        )
    wanted = (carried, *updated, state)
    for one, two in zip((*found, found_state), wanted, strict=True):
        same(one, two)


class Widening(ngn.MessageFunction):
    """No edge features (SchNet), and nodes whose width changes."""

    name = "widening"

    def __init__(self, dims, width):
        super().__init__(ngn.Options(), dims)
        self.node_width = width
        self.filter = nn.Linear(dims.basis, dims.node)
        self.update = nn.Linear(dims.node, width)

    def message(self, edge, sender, receiver, state, graph):
        assert edge is None
        assert state.features is None
        return sender.features * self.filter(graph.basis)

    def update_node(self, node, received, state, graph):
        return self.update(node + received)


@WEIGHTED
@torch.no_grad()
def test_edges_may_have_no_features_and_nodes_may_change_width(random_batch, weighted):
    batch = random_batch(8, weighted=weighted)
    node, basis = features(batch, 4, 3)
    widths = [4, 6, 2]
    hooks = [
        Widening(ngn.Dims(before, None, None, 3), after)
        for before, after in zip(widths, widths[1:], strict=False)
    ]
    blocks = Blocks(map(Block, hooks))
    (found, edge), state = blocks((node, None), None, graph_of(batch, [None, basis]))
    assert edge is None
    assert state is None
    for layer in hooks:
        total = node.clone()
        for k, j, i, weight in edges_of(batch.levels[1]):
            total[i] += weight * node[j] * layer.filter(basis[k])
        node = torch.stack([layer.update(row) for row in total])
    same(found, node)


def test_no_hook_stores_a_tensor_between_calls(random_batch):
    network = directional_network()
    network(random_batch(9, 3))
    assert stored_tensors(network) == []
    _, block = three_levels("edges")
    batch = random_batch(9, 4)
    block(features(batch, 4, 4, 4, 4), torch.randn(2, 2), graph_of(batch))
    assert stored_tensors(block) == []
    block.hooks.last = torch.zeros(1)
    assert stored_tensors(block) == ["hooks.last"]


@pytest.mark.parametrize("on", ["edges", "messages"])
def test_a_nested_block_traces_as_one_graph(random_batch, on):
    if not torch._dynamo.is_dynamo_supported():
        pytest.skip("torch.compile does not support this Python or platform")
    batch = random_batch(10, 4)
    _, block = three_levels(on)
    given = features(batch, 4, 4, 4, 4), torch.randn(2, 2), graph_of(batch)
    traced = torch.compile(block, fullgraph=True, backend="eager")
    same(traced(*given), block(*given))


def test_the_template_names_no_architecture():
    source = inspect.getsource(template).lower()
    ten = "cgcnn|schnet|megnet|m3gnet|dimenet|alignn|matformer|painn|cogn|congn"
    assert re.findall(rf"\b({ten})", source) == []


def test_the_template_fits_on_one_screen():
    tree = ast.parse(inspect.getsource(template))
    (forward,) = [
        item
        for part in tree.body
        if isinstance(part, ast.ClassDef) and part.name == "Block"
        for item in part.body
        if isinstance(item, ast.FunctionDef) and item.name == "forward"
    ]
    _, *body = forward.body  # without the docstring
    assert body[-1].end_lineno - body[0].lineno + 1 <= 30
