from textwrap import dedent

import pytest

from ngn_core.errors import PluginError
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import collect

GATE = '''
import ngn_core.api as ngn

FACTOR = 2.0

class Scale(ngn.Gate):
    """Multiplies the update. A second sentence."""

    name = "scale"

    def forward(self, old, update):
        return FACTOR * update

@ngn.hookimpl
def ngn_register_gates():
    return [Scale]
'''


@pytest.fixture
def write(tmp_path):
    """A function that writes a plugin file and returns its path."""

    def made(text=GATE, name="mine.py"):
        file = tmp_path / name
        file.write_text(dedent(text), encoding="utf-8")
        return file

    return made


@pytest.fixture
def gathered():
    """A function that collects the components of plugin files alone."""

    def made(*files):
        return collect(plugin_manager(files, installed=False))

    return made


@pytest.fixture
def refusal(write, gathered):
    """A function that returns why a plugin file is refused."""

    def found(text):
        file = write(text)
        with pytest.raises(PluginError) as caught:
            gathered(file)
        return str(caught.value).replace(str(file), "mine.py")

    return found
