"""Numbers too small for a float's full precision."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from ngn_core.training.denormals import denormals_flushed

pytestmark = pytest.mark.skipif(
    not torch.set_flush_denormal(False), reason="this processor cannot flush denormals"
)


def kept():
    """Return whether a denormal number is still there after a product."""
    return [
        bool((torch.full((), tiny, dtype=dtype) * 1).item())
        for dtype, tiny in ((torch.float32, 1e-40), (torch.float64, 1e-310))
    ]


def test_they_are_zero_inside_and_kept_outside():
    assert kept() == [True, True]
    with denormals_flushed():
        assert kept() == [False, False]
        with denormals_flushed():
            assert kept() == [False, False]
        assert kept() == [False, False]
    assert kept() == [True, True]


def test_they_are_kept_again_after_an_error():
    with pytest.raises(ValueError, match="broken"), denormals_flushed():
        raise ValueError("broken")
    assert kept() == [True, True]


def test_the_smallest_of_full_precision_stay():
    with denormals_flushed():
        tiny = torch.finfo(torch.float32).tiny
        assert (torch.full((), tiny) * 1).item() == tiny


PROGRAM = """
import torch
from ngn_core.training.denormals import denormals_flushed
torch.set_num_threads(4)
with denormals_flushed():
    print(int((torch.full((2**22,), 1e-40) * 1).count_nonzero()))
"""


def test_threads_that_begin_inside_flush_them_too():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == 0
