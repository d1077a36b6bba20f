"""A class that breaks its interface is refused before anything runs."""

import pytest

HEAD = "from pydantic import Field\nfrom typing import *\nimport ngn_core.api as ngn\n"
FORWARD = "    def forward(self, old, update): return update\n"


def gate(body):
    return (
        f"{HEAD}class Mine(ngn.Gate):\n{body}\n"
        "@ngn.hookimpl\ndef ngn_register_gates(): return [Mine]\n"
    )


def options(body):
    lines = f"    name = 'mine'\n    class Options(ngn.Options):\n        {body}\n"
    return gate(lines + FORWARD)


def messages(body):
    return (
        f"{HEAD}class Mine(ngn.MessageFunction):\n    name = 'mine'\n{body}\n"
        "@ngn.hookimpl\ndef ngn_register_message_functions(): return [Mine]\n"
    )


MESSAGE = "    def message(self, edge, sender, receiver, state, graph): return edge\n"
UPDATE = "    def update_node(self, node, received, state, graph): return node\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (gate(FORWARD), "Mine has no name; give it `name = \"...\"`"),
        (gate("    name = ''\n" + FORWARD), "Mine has no name; give it"),
        (gate("    name = 5\n" + FORWARD), "Mine has no name; give it"),
        (gate("    name = 'mine'"), "Mine does not define the method forward"),
        (messages(MESSAGE), "Mine does not define the method update_node, which"),
        (messages(UPDATE), "Mine does not define the method message, which"),
        (
            f"{HEAD}class Mine(ngn.Metric):\n    name = 'mine'\n    task = 'binary'\n"
            "@ngn.hookimpl\ndef ngn_register_metrics(): return [Mine]\n",
            "Mine does not define the method score, the attribute title, the attribute "
            "better",
        ),
        (
            gate("    name = 'mine'\n    Options = 5\n" + FORWARD),
            "Mine.Options is 5; expected a class from ngn.Options",
        ),
        (
            gate("    name = 'mine'\n    class Options: pass\n" + FORWARD),
            "Mine.Options is <class 'ngn_plugin_file_mine_",
        ),
        (options("use: int = 0"), "Mine.Options: the option 'use' is the core"),
        (
            messages("    class Options(ngn.Options):\n        repeat: int = 0\n"),
            "Mine.Options: the option 'repeat' is the core's; rename it",
        ),
        (
            options("of: Annotated[ngn.Use, ngn.Kind('gates')]"),
            "Mine.Options: of is of the unknown kind 'gates'; expected one of graph",
        ),
        (
            options("of: 'Nothing' = None"),
            "Mine.Options cannot be completed: ",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named(refusal, text, reason):
    module, _, message = refusal(text).partition(".")
    assert module.startswith("ngn_plugin_file_mine_")
    assert message.startswith(reason)


@pytest.mark.parametrize("body", [MESSAGE + UPDATE, "", "    invariant = False"])
def test_message_and_update_node_come_together_or_not_at_all(write, gathered, body):
    assert gathered(write(messages(body))).names("message function") == ["mine"]


def test_interact_gives_the_message_too(write, gathered):
    interact = "    def interact(self, *rest): return rest[0], rest[0]\n"
    assert gathered(write(messages(interact + UPDATE))).names("message function")
