import sys

import pytest

import ngn
from ngn_core.errors import PluginError
from ngn_core.plugin.origin import Origin


def test_the_version_of_a_plugin_file_changes_with_a_constant(write, gathered):
    first = gathered(write()).get("gate", "scale").origin
    again = gathered(write()).get("gate", "scale").origin
    text = write().read_text()
    other = gathered(write(text.replace("2.0", "2.1"))).get("gate", "scale").origin
    assert first == again
    assert first.distribution == other.distribution == "mine.py"
    assert first.version != other.version


def test_the_folder_of_a_plugin_file_does_not_matter(write, gathered, tmp_path):
    (tmp_path / "other").mkdir()
    text = write().read_text()
    first = gathered(write()).get("gate", "scale").origin
    assert gathered(write(text, "other/mine.py")).get("gate", "scale").origin == first


def test_a_module_that_a_plugin_file_imports_is_its_source_too(
    write, gathered, monkeypatch, tmp_path
):
    monkeypatch.syspath_prepend(tmp_path)
    text = write().read_text().replace("FACTOR = 2.0", "from factors import FACTOR")
    versions = set()
    for number in ("2.0", "2.1"):
        monkeypatch.delitem(sys.modules, "factors", raising=False)
        write(f"FACTOR = {number}\n", "factors.py")
        versions.add(gathered(write(text)).get("gate", "scale").origin.version)
    assert len(versions) == 2


@pytest.mark.parametrize("folder", ["site-packages", "dist-packages"])
def test_installed_packages_are_no_source_wherever_they_lie(
    write, gathered, monkeypatch, tmp_path, folder
):
    # of the user, of the system, on PYTHONPATH: not this environment's own
    monkeypatch.syspath_prepend(tmp_path / folder)
    (tmp_path / folder).mkdir()
    text = write().read_text().replace("FACTOR = 2.0", "from factors import FACTOR")
    versions = set()
    for number in ("2.0", "2.1"):
        monkeypatch.delitem(sys.modules, "factors", raising=False)
        write(f"FACTOR = {number}\n", f"{folder}/factors.py")
        versions.add(gathered(write(text)).get("gate", "scale").origin.version)
    assert len(versions) == 1


def test_an_installed_distribution_is_known_by_its_version():
    import pluggy

    origin = Origin.of(pluggy.PluginManager, "pluggy")
    assert str(origin) == f"pluggy {pluggy.__version__}"


def test_an_editable_install_is_known_by_its_source_too(registry):
    origin = registry.get("readout", "atomwise").origin
    version, _, source = origin.version.partition("+")
    if not source:
        pytest.skip("ngn is not installed editable here")
    assert version
    # the component's own file differs from its neighbor's
    assert source != registry.get("readout", "mean").origin.version.partition("+")[2]


def test_a_class_without_a_file_has_no_origin():
    made = type("Made", (), {"__module__": "nowhere"})
    with pytest.raises(
        PluginError, match=r"nowhere\.Made has no source; expected a cl"
    ):
        Origin.of(made, None)


def test_what_a_plugin_derives_from_is_no_source_of_it(
    write, gathered, monkeypatch, tmp_path
):
    # in a checkout, `ngn` is a file beside the core
    text = write().read_text().replace("import ngn_core.api as ngn", "import ngn")
    versions = set()
    for number in ("1", "2"):
        door = write(f"VERSION = {number}\n", "ngn.py")
        monkeypatch.setattr(ngn, "__file__", str(door))
        versions.add(gathered(write(text)).get("gate", "scale").origin.version)
    assert len(versions) == 1
