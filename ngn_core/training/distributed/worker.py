"""The process of one of several devices, as the process that watches starts it."""

from __future__ import annotations

import os
import pickle
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from ngn_core.errors import NGNError, TrialError
from ngn_core.plugin.file import load_file
from ngn_core.processes import end_with_parent

Ask = Callable[..., Any]
"""Asks the process that watches: the name of a question, and what it is about."""

Work = Callable[[Any, torch.device, Ask], Any]
"""What every process does with the job, its device, and questions of the first one."""

_PATIENCE = timedelta(hours=1)
"""How long a process waits for the others at a step."""


@dataclass(frozen=True)
class Shared:
    """What all processes are told."""

    work: Work
    job: Path
    device: str
    devices: int
    port: int
    threads: int
    dtype: torch.dtype
    plugins: tuple[Path, ...]


def take_part(shared: Shared, number: int, end: Connection) -> None:
    """Do the work in a process of its own, and say what it gave."""
    end_with_parent()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
        signal.signal(one, signal.SIG_IGN)  # who watches ends all of them at a step
    try:
        said = ["done", _worked(shared, number, end)]
    except BaseException as error:
        said = ["raised", time.monotonic(), portable(error, number)]
    end.send_bytes(pickle.dumps(said))
    os._exit(0)  # and wait for none of the others, who may be gone


def _worked(shared: Shared, number: int, end: Connection) -> Any:
    torch.set_num_threads(shared.threads)
    torch.set_default_dtype(shared.dtype)
    for file in shared.plugins:
        load_file(file)
    cuda = shared.device == "cuda"
    device = torch.device("cuda", number) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    store = dist.TCPStore(  # type: ignore[attr-defined]
        "127.0.0.1", shared.port, is_master=False
    )
    dist.init_process_group(
        "cpu:gloo,cuda:nccl" if cuda else "gloo",
        store=store,
        rank=number,
        world_size=shared.devices,
        timeout=_PATIENCE,
    )
    job = torch.load(shared.job, mmap=True, weights_only=False)

    def ask(name: str, *values: Any) -> Any:
        end.send_bytes(pickle.dumps(["ask", name, values]))
        return pickle.loads(end.recv_bytes())

    return shared.work(job, device, ask)


def portable(error: BaseException, number: int) -> BaseException:
    """Return an error as it can be sent, with where it was raised."""
    trace = "".join(traceback.format_exception(error))
    note = f"In the process of device {number + 1}:\n{trace}"
    sent = error
    try:
        again = pickle.loads(pickle.dumps(error))
    except Exception:  # errors of libraries are of many kinds, some of which cannot
        again = None
    if type(again) is not type(error) or str(again) != str(error):
        known = isinstance(error, NGNError)
        words = str(error) if known else f"{type(error).__name__}: {error}"
        sent = TrialError(words) if known else RuntimeError(words)
    sent.add_note(note)
    return sent
