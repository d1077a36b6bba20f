"""A package that `ngn new-plugin` writes passes its own tests as written."""

import os
import shutil
import subprocess
import sys
import tomllib

import pytest

from ngn_core.cli.new_plugin import KINDS, write_package
from ngn_core.cli.workbench import main
from ngn_core.errors import NGNError


def install(folder, site):
    """What an installer does, without one: the package and its entry points."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())
    (package,) = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    shutil.copytree(folder / package, site / package)
    name, version = project["project"]["name"], project["project"]["version"]
    info = site / f"{package}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    )
    points = project["project"]["entry-points"]["ngn"]
    lines = [f"{key} = {value}\n" for key, value in points.items()]
    (info / "entry_points.txt").write_text("[ngn]\n" + "".join(lines))


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_package_passes_its_own_tests(tmp_path, kind):
    folder = write_package("mine", kind, tmp_path)
    site = tmp_path / "site"
    site.mkdir()
    install(folder, site)
    environment = os.environ | {"PYTHONPATH": str(site), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_command_says_what_comes_next(tmp_path, capsys):
    assert main(["new-plugin", "my_network", "--out", str(tmp_path)]) == 0
    assert "ngn-my-network && pip install" in capsys.readouterr().out
    assert (tmp_path / "ngn-my-network" / "specs" / "my_network.yaml").is_file()


@pytest.mark.parametrize("name", ["My-Network", "class", "2d", ""])
def test_a_name_that_python_cannot_have_is_refused(tmp_path, name):
    with pytest.raises(NGNError, match="lower-case letters"):
        write_package(name, "message", tmp_path)


@pytest.mark.parametrize("name", ["core", "plugins"])
def test_the_name_of_an_installed_package_is_refused(tmp_path, name):
    with pytest.raises(NGNError, match=f"ngn_{name}, which is installed already"):
        write_package(name, "message", tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_not_written_over(tmp_path):
    write_package("mine", "message", tmp_path)
    with pytest.raises(NGNError, match="there already"):
        write_package("mine", "graph", tmp_path)
