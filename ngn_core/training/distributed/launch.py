"""One training over several devices: a process for each, watched over by this one.

This process trains nothing. It answers what the first of the others asks, ends them all
when one fails, and they end when it does: whatever becomes of a device, none of the
others waits for it, and none is left behind.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from ngn_core.errors import TrialError
from ngn_core.plugin.executor import with_threads
from ngn_core.training.distributed.worker import Shared, Work, take_part

_QUIET = {"TORCH_CPP_LOG_LEVEL": "ERROR"}
"""So that torch does not advise on what is done on purpose."""

_GRACE = 2.0
"""Seconds in which the others say what became of them, once one has failed."""


def threads_each(devices: int) -> int:
    """Return the threads of each process, where those of this one are shared."""
    return max(torch.get_num_threads() // devices, 1)


def launch_workers(
    work: Work,
    job: Any,
    device: torch.device,
    devices: int,
    answers: Mapping[str, Callable[..., Any]],
    plugins: Sequence[Path] = (),
) -> Any:
    """Return what `work` of the first of several processes returns.

    Args:
        work: a function of a module; its processes are joined by torch.distributed.
        job: what it is given; tensors in it are mapped from one file by all.
        device: CUDA, of which each process has a GPU; or the CPU, which they share.
        devices: how many processes.
        answers: to what the first one asks, by name; they may raise.
        plugins: files with classes that are in the job.

    Raises:
        TrialError: where a process is lost.
        Exception: that was raised in a process, or in an answer.
    """
    context = multiprocessing.get_context("spawn")
    store = dist.TCPStore(  # type: ignore[attr-defined]
        "127.0.0.1", 0, is_master=True, wait_for_workers=False
    )
    with tempfile.TemporaryDirectory(prefix="ngn-") as folder:
        file = Path(folder) / "job.pt"
        torch.save(job, file)
        shared = Shared(
            work,
            file,
            device.type,
            devices,
            store.port,
            threads_each(devices),
            torch.get_default_dtype(),
            tuple(plugins),
        )
        ends = [context.Pipe() for _ in range(devices)]
        processes = [
            context.Process(
                target=take_part,
                args=(shared, number, end),
                name=f"device {number + 1}",
                daemon=True,
            )
            for number, (_, end) in enumerate(ends)
        ]
        try:
            with _environment({**with_threads(shared.threads), **_QUIET}):
                for process, (_, end) in zip(processes, ends, strict=True):
                    process.start()
                    end.close()  # so that a process that ends is heard of
            own = [end for end, _ in ends]
            return _listen(dict(zip(own, processes, strict=True)), answers)
        finally:
            for process in processes:
                if process.pid is not None:
                    process.kill()
                    process.join()


@contextmanager
def _environment(names: Mapping[str, str]) -> Iterator[None]:
    """Let processes that are started inside have these variables."""
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _listen(
    ends: dict[Connection, SpawnProcess], answers: Mapping[str, Callable[..., Any]]
) -> Any:
    """Answer, until the first process has done its work, or one has failed."""
    first = next(iter(ends))
    while True:
        for end in wait(list(ends)):
            assert isinstance(end, Connection)
            kind, *more = _heard(end)
            if kind == "ask":
                name, values = more
                answer = pickle.dumps(answers[name](*values))
                with suppress(OSError):  # of one that is gone is heard next
                    end.send_bytes(answer)
            elif kind != "done":
                raise _cause(ends, end, [kind, *more])
            elif end is first:
                return more[0]
            else:
                del ends[end]


def _heard(end: Connection) -> list[Any]:
    """Return what a process says: ask, done or raised; lost, where it is gone."""
    try:
        said: list[Any] = pickle.loads(end.recv_bytes())
    except (EOFError, OSError):
        return ["lost"]
    return said


def _cause(
    ends: Mapping[Connection, SpawnProcess], first: Connection, said: list[Any]
) -> BaseException:
    """Return why a training failed: where one process fails, others do after it."""
    heard = {first: said}
    until = time.monotonic() + _GRACE
    while len(heard) < len(ends) and (left := until - time.monotonic()) > 0:
        for end in wait([one for one in ends if one not in heard], left):
            assert isinstance(end, Connection)
            more = _heard(end)
            if more[0] != "ask":
                heard[end] = more
    for end, (kind, *_) in heard.items():
        if kind == "lost":
            return _lost(ends[end])
    raised = [more for kind, *more in heard.values() if kind == "raised"]
    error: BaseException = min(raised, key=lambda one: float(one[0]))[1]
    return error


def _lost(process: SpawnProcess) -> TrialError:
    """Return what became of a process that says nothing any more."""
    process.join(_GRACE)
    code = process.exitcode
    if code is not None and code < 0:
        how = f"ended by signal {-code}, for want of memory perhaps"
    else:
        how = f"lost (exit code {code}); what it printed says why"
    return TrialError(
        f"the process of {process.name} was {how}; the same call goes on from the last "
        "checkpoint"
    )
