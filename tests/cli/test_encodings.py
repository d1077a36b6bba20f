"""A terminal that lacks a character costs that character, never the output."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
from ngn_core.cli.exit import sentences
from ngn_core.errors import NGNError

@sentences
def main(arguments=None):
    print("MAE 1.0 \u00b1 0.1 \u00c5")
    raise NGNError("2 \u00c5 is too short")

sys.exit(main())
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_terminal_of_any_encoding_is_printed_on(encoding):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert done.returncode == 2
    told = "MAE 1.0 \u00b1 0.1 \u00c5".encode(encoding, "replace")
    assert done.stdout.strip() == told
    assert done.stderr.strip() == "error: 2 \u00c5 is too short".encode(
        encoding, "replace"
    )
