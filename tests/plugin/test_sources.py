"""What counts as a change of a plugin's source."""

import sys

import pytest

PLUGIN = '''
"""A gate."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor
from typing import TYPE_CHECKING

import ngn_core.api as ngn

if TYPE_CHECKING:
    from torch import nn

FACTOR = 2.0  # of the update
"""Chosen by hand."""


class Scale(ngn.Gate):
    """Multiplies the update."""

    name = "scale"

    class Options(ngn.Options):
        """Options of it."""

        power: int = Field(1, description="of the factor")

    def forward(self, old: Tensor, update: Tensor, shift: float = 0.0) -> Tensor:
        """Return the update, multiplied."""
        # not the old one
        return FACTOR**self.options.power * update + shift

    @torch.no_grad()
    def double(self, update):
        return 2 * update


@ngn.hookimpl
def ngn_register_gates():
    return [Scale]
'''

COSMETIC = {
    "comment": ("# not the old one", "# the old one is left"),
    "no comment": ("        # not the old one\n", ""),
    "docstring": ('"""Return the update, multiplied."""', '"""Return it."""'),
    "no docstring": ('        """Options of it."""\n\n', ""),
    "bare string": ('"""Chosen by hand."""', '"""Tried."""'),
    "layout": (
        "old: Tensor, update: Tensor, shift: float = 0.0",
        "\n old: Tensor,\n update: Tensor,\n shift: float = 0.0,\n",
    ),
    "quotes": ('name = "scale"', "name = 'scale'"),
    "parted string": ('"of the factor"', '"of the " "factor"'),
    "spelling of a number": ("FACTOR = 2.0", "FACTOR = 2.00"),
    "argument": ("update: Tensor, shift", "update: ngn.Graph, shift"),
    "no argument": ("old: Tensor,", "old,"),
    "return": (" -> Tensor:", " -> object:"),
    "no return": (" -> Tensor:", ":"),
    "for type checkers": ("from torch import nn", "from torch import fft as nn"),
    "future": ("from __future__ import annotations\n", ""),
}

REAL = {
    "constant": ("FACTOR = 2.0", "FACTOR = 2.1"),
    "operator": ("* update + shift", "* update - shift"),
    "default": ("shift: float = 0.0", "shift: float = 0.1"),
    "order of arguments": (
        "old: Tensor, update: Tensor",
        "update: Tensor, old: Tensor",
    ),
    "decorator": ("    @torch.no_grad()\n", ""),
    "annotation under a decorator": ("(self, update):", "(self, update: int):"),
    "statement": ("        return FACTOR", "        update = -update; return FACTOR"),
    "call": ("torch.no_grad()", "torch.enable_grad()"),
    "default of an option": ("Field(1,", "Field(2,"),
    "annotation of an option": ("power: int", "power: float"),
    "description of an option": ('"of the factor"', '"of it"'),
    "limit of an option": ("Field(1,", "Field(1, ge=0,"),
    "import that nothing uses": ("import torch\n", "import torch\nimport random\n"),
}


@pytest.fixture
def version(write, gathered):
    """A function that returns the version of a plugin file with one change."""

    def made(before="", after=""):
        assert before in PLUGIN
        file = write(PLUGIN.replace(before, after) if before else PLUGIN)
        return gathered(file).get("gate", "scale").origin.version

    return made


@pytest.mark.parametrize("change", COSMETIC.values(), ids=COSMETIC)
def test_what_computes_nothing_changes_nothing(version, change):
    assert version(*change) == version()


@pytest.mark.parametrize("change", REAL.values(), ids=REAL)
def test_what_can_change_a_number_is_a_change(version, change):
    assert version(*change) != version()


def test_an_import_for_annotations_alone_changes_nothing(write, gathered):
    untyped = PLUGIN.replace("from torch import Tensor\n", "")
    for annotation in (": Tensor", " -> Tensor"):
        untyped = untyped.replace(annotation, "")
    assert "Tensor" not in untyped
    versions = {
        gathered(write(text)).get("gate", "scale").origin.version
        for text in (PLUGIN, untyped)
    }
    assert len(versions) == 1


def test_a_module_imported_for_annotations_is_followed(
    write, gathered, monkeypatch, tmp_path
):
    # another module may take from here what was imported for annotations alone
    monkeypatch.syspath_prepend(tmp_path)
    text = PLUGIN.replace("from torch import Tensor", "from mytypes import Tensor")
    versions = set()
    for width in ("1", "2"):
        monkeypatch.delitem(sys.modules, "mytypes", raising=False)
        write(f"class Tensor:\n    width = {width}\n", "mytypes.py")
        versions.add(gathered(write(text)).get("gate", "scale").origin.version)
    assert len(versions) == 2
