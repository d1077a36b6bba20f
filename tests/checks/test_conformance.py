"""The conformance suite passes sound components and names what is wrong with others."""

import textwrap

import pytest

from ngn_core.checks.conformance import check_dataset, check_spec

SMALL = [
    "network.embed.node.width=8",
    "network.embed.edge.bins=8",
    "network.head.layers=[8, 1]",
]

COMPONENT = '''
import torch
import ngn_core.api as ngn

class Tried(ngn.MessageFunction):
    """A message function with one item to try."""

    name = "tried"
    calls = 0

    def __init__(self, options, dims):
        super().__init__(options, dims)
        self.linear = torch.nn.Linear(dims.node + dims.edge, dims.node)
        self.message_width = dims.node
        self.hidden = torch.randn(dims.node)

    def message(self, edge, sender, receiver, state, graph):
        message = self.linear(torch.cat([sender.features, edge], dim=1)).tanh()
        {message}
        return message

    def update_node(self, node, received, state, graph):
        {update}
        return node + received

@ngn.hookimpl
def ngn_register_message_functions():
    return [Tried]
'''


@pytest.fixture
def tried(tmp_path):
    def write(message="pass", update="pass"):
        file = tmp_path / "tried.py"
        source = COMPONENT.replace("{message}", message).replace("{update}", update)
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        spec = tmp_path / "tried.yaml"
        spec.write_text(
            "extends: cgcnn\nname: Tried\n"
            "network: {blocks: [{repeat: 1, use: tried}]}\n"
        )
        check_spec(spec, [file], assignments=SMALL)

    return write


def test_a_sound_component_passes(tried):
    tried()


@pytest.mark.parametrize(
    ("message", "update", "said"),
    [
        (
            "message = message * torch.arange(len(message))[:, None]",
            "pass",
            "order of edges",
        ),
        ("pass", "received = received / received.norm()", "batch = singles"),
        ("pass", "received = received / received.abs().mean(1, True)", "not finite"),
        ("pass", "received = -node", "nearly constant"),
        ("message = message.detach()", "pass", "finite differences"),
        ("pass", "received = received + self.hidden", "stored and loaded"),
        (
            "message = torch.ones_like(message).index_add(0, graph.edge.index[1] * 0,"
            " message)",
            "pass",
            "orbits = none",
        ),
    ],
)
def test_what_is_wrong_is_named(tried, message, update, said):
    with pytest.raises(AssertionError, match=said):
        tried(message, update)


DATASET = '''
import numpy as np
import ngn_core.api as ngn

class Tried(ngn.Dataset):
    """Cubes of copper, of random sizes."""

    name = "tried"
    description = "cubes"
    random = np.random.default_rng({seed})

    @classmethod
    def opens(cls, source):
        return source == "tried"

    def load(self, source):
        random = {random}
        rows = []
        for number in range(4):
            side = 3 + random.random()
            crystal = ngn.from_arrays(np.eye(3) * side, ["Cu"], [[0, 0, 0]])
            rows.append(
                ngn.Row(str(number), f"row {number}", lambda c=crystal: c, {"a": side})
            )
        return ngn.DatasetTable("tried", rows, {"a": ngn.Target("Å")})

@ngn.hookimpl
def ngn_register_datasets():
    return [Tried]
'''


def test_a_dataset_is_the_same_each_time(tmp_path):
    file = tmp_path / "cubes.py"
    steady = DATASET.replace("{seed}", "0").replace(
        "{random}", "np.random.default_rng(0)"
    )
    file.write_text(steady, encoding="utf-8")
    check_dataset("tried", [file], target="a")
    other = tmp_path / "other.py"
    other.write_text(
        DATASET.replace("{seed}", "0").replace("{random}", "self.random"),
        encoding="utf-8",
    )
    with pytest.raises(AssertionError, match="opened twice"):
        check_dataset("tried", [other], target="a")
