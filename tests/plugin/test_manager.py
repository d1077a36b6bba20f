import sys

import pytest

from ngn_core.errors import PluginError
from ngn_core.plugin import hookspecs
from ngn_core.plugin.kinds import KINDS
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect

HEAD = "import ngn_core.api as ngn\n"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """A function that installs a distribution of one module with entry points."""

    def made(name, points, text, version="1.2.3"):
        metadata = tmp_path / f"{name}-{version}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
        lines = [f"{point} = {value}" for point, value in points.items()]
        (metadata / "entry_points.txt").write_text("\n".join(["[ngn]", *lines, ""]))
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return metadata

    return made


def test_there_is_a_hook_for_each_kind_and_no_other():
    hooks = {name for name in vars(hookspecs) if name.startswith("ngn_register_")}
    assert hooks == {kind.hook for kind in KINDS.values()}
    assert all(getattr(hookspecs, hook).__doc__ for hook in hooks)


def test_the_plugins_of_this_repository_are_installed_like_any_other(registry):
    assert registry.get("message function", "cgcnn").origin.distribution == "ngn"
    assert not plugin_manager(installed=False).get_plugins()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "@ngn.hookimpl\ndef ngn_register_gate(): return []",
            "--plugin mine.py: there is no hook ngn_register_gate; expected one of",
        ),
        (
            "def ngn_regster_gates(): return []",
            "--plugin mine.py: there is no hook ngn_regster_gates; expected one of",
        ),
        (
            "@ngn.hookimpl\ndef register_gates(): return []",
            "--plugin mine.py: there is no hook register_gates; expected one of ngn_",
        ),
        (
            "def ngn_register_gates(): return []",
            "--plugin mine.py: ngn_register_gates lacks the decorator @ngn.hookimpl",
        ),
        (
            "@ngn.hookimpl\ndef ngn_register_gates(names): return []",
            "--plugin mine.py: Plugin '--plugin mine.py' for hook 'ngn_register_gates'",
        ),
    ],
)
def test_a_hook_that_nobody_would_call_is_refused(refusal, text, reason):
    assert refusal(HEAD + text).startswith(reason)


def test_a_misspelt_hook_has_a_suggestion(refusal):
    text = HEAD + "@ngn.hookimpl\ndef ngn_register_gate(): return []"
    assert refusal(text).endswith("Did you mean 'ngn_register_gates'?")


def test_an_installed_distribution_adds_components(install, write):
    install("peer", {"messages": "peer"}, write().read_text())
    entry = collect(plugin_manager()).get("gate", "scale")
    # the name of the entry point is that of one of our own
    assert (entry.origin.distribution, entry.origin.version) == ("peer", "1.2.3")


def test_two_entry_points_of_one_module_are_one_plugin(install, write):
    install("peer", {"a": "peer", "b": "peer"}, write().read_text())
    assert collect(plugin_manager()).get("gate", "scale")


@pytest.mark.parametrize(
    ("value", "text", "reason"),
    [
        ("peer", "import nowhere_to_be_found", "ModuleNotFoundError: No module named"),
        ("peer:thing", HEAD, "AttributeError: module 'peer' has no attribute 'thing'"),
        ("peer", "a = (", "SyntaxError: '(' was never closed"),
        ("elsewhere", "", "ModuleNotFoundError: No module named 'elsewhere'"),
        ("peer", "raise SystemExit", "SystemExit"),
    ],
)
def test_a_broken_entry_point_names_its_distribution(install, value, text, reason):
    install("peer", {"gates": value}, text)
    with pytest.raises(PluginError) as caught:
        plugin_manager()
    start = f"the installed distribution peer has the plugin gates, but {value} cannot "
    assert str(caught.value).startswith(f"{start}be loaded: {reason}")
