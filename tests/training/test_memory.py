import subprocess
import sys

import pytest
import torch

from ngn_core.training.memory import PeakMemory

PAGES = """
import resource, torch
from ngn_core.training.memory import keep_freed_memory
if {kept}:
    keep_freed_memory(torch.device("cpu"))
def work():
    for _ in range(6):
        one = torch.ones(2**22)
        other = one + one
        del one, other
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
"""How many pages a process asks of the kernel to do the same work a second time."""


def pages(*, kept):
    script = PAGES.format(kept=kept)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_memory_that_is_kept_is_not_asked_for_again():
    if PeakMemory(torch.device("cpu")).before is None or pages(kept=False) < 100:
        pytest.skip("memory is not that of Linux with glibc")
    assert pages(kept=True) < 100
