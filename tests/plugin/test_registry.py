import pytest

from ngn_core.errors import PluginError
from ngn_core.plugin.kinds import KINDS

HEAD = "import ngn_core.api as ngn\n"
HOOK = "@ngn.hookimpl\ndef ngn_register_{}(): return {}\n"


def test_components_are_found_by_kind_and_name(registry):
    assert registry.get("head", "mlp").component is not registry.get("embedding", "mlp")
    assert registry.get("head", "cgcnn") is None
    assert [entry.kind for entry in registry.named("mlp")] == ["embedding", "head"]
    assert registry.named("nothing") == []
    kinds = list(dict.fromkeys(entry.kind for entry in registry))
    assert kinds == list(KINDS)


TASKS = ("regression", "binary")


def test_names_are_sorted_and_classes_stand_as_their_plugin_gave_them(registry):
    components = registry.components("metric")
    names = [component.name for component in components]
    # the score that decides comes first
    first = {task: names[[c.task for c in components].index(task)] for task in TASKS}
    assert first == {"regression": "mae", "binary": "roc_auc"}
    assert registry.names("metric") == sorted(names)


def test_a_name_that_is_not_there_has_a_suggestion(registry):
    assert registry.expected("gate", "GRU") == (
        "a gate: one of gru",
        "Did you mean 'gru'?",
    )
    expected, suggestion = registry.expected("embedding", "keras")
    assert expected.startswith("an embedding: one of basis, ")
    assert suggestion == "'keras' is an initialization"
    assert registry.expected("gate", "nothing at all")[1] is None


def test_every_component_says_what_it_is(registry):
    for entry in registry:
        assert entry.description, entry.name


def test_a_clash_of_names_names_both_classes(write, gathered):
    first = write()
    second = write(first.read_text().replace("class Scale", "class Other"), "b.py")
    second.write_text(second.read_text().replace("[Scale]", "[Other]"))
    with pytest.raises(PluginError) as caught:
        gathered(first, second)
    message = str(caught.value)
    assert message.startswith("two components of kind gate are named 'scale': ")
    assert "Scale (mine.py " in message
    assert "Other (b.py " in message
    assert message.endswith("; rename one")


def test_a_name_may_be_used_by_two_kinds(write, gathered):
    text = write().read_text() + (
        "class Same(ngn.Initialization):\n"
        "    name = 'scale'\n"
        "    def draw(self, module): pass\n" + HOOK.format("initializations", "[Same]")
    )
    assert len(gathered(write(text)).named("scale")) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HOOK.format("gates", "None"), "ngn_register_gates returned None; expected"),
        (HOOK.format("gates", "ngn.Gate"), "ngn_register_gates returned <class"),
        (HOOK.format("gates", "[5]"), "ngn_register_gates returned 5; expected classes "
         "derived from ngn_core.network.gate.Gate"),
        (HOOK.format("gates", "[ngn.Head]"), "ngn_register_gates returned <class"),
        (HOOK.format("gates", "[1 / 0]"), "ngn_register_gates failed: ZeroDivisionErr"),
    ],
)  # fmt: skip
def test_a_hook_returns_a_list_of_classes_of_its_kind(refusal, text, reason):
    assert refusal(HEAD + text).startswith(f"--plugin mine.py: {reason}")


def test_what_was_collected_does_not_change_with_the_plugin(write, gathered):
    file = write()
    registry = gathered(file)
    file.unlink()
    assert registry.names("gate") == ["scale"]
