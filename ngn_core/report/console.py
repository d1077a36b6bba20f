"""The terminal: its width, and text on it as it is."""

from __future__ import annotations

import os

from rich.console import Console
from rich.text import Text

_WIDTH = 100
_WIDE = 160
"""Columns where nobody says how many there are: pipes and files."""


def page() -> Console:
    """Return a console on standard output."""
    console = Console()
    if console.is_terminal or "COLUMNS" in os.environ:
        return console
    return Console(width=_WIDTH)


def wide() -> Console:
    """Return a console on standard output, wide where it is a pipe or a file."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def plain(text: str, style: str = "") -> Text:
    """Return text whose brackets are brackets, not markup."""
    return Text(text, style)
