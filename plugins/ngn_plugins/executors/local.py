"""Trials in processes of this machine, which share its cores and its GPUs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

import ngn_core.api as ngn
from ngn_plugins.executors.gpus import GPU, visible_gpus


@dataclass(frozen=True)
class _Running:
    """A call that runs, and the UUID of the GPU that it was given, if any."""

    call: ngn.Call
    process: subprocess.Popen[bytes]
    gpu: str | None


class LocalExecutor(ngn.Executor):
    """Processes on this machine, each with its share of the cores.

    A GPU is given to the call that finds most room on it; several calls share one as
    long as its memory allows.
    """

    name = "local"

    class Options(ngn.Options):
        """Options of the local executor."""

        workers: int | None = Field(
            None,
            ge=1,
            description="trials at once (default: one a GPU, else one a core)",
        )
        threads: int | None = Field(
            None,
            ge=1,
            description="of a trial (default: its share of the cores)",
        )
        gpu_memory: float = Field(
            8.0,
            gt=0,
            description="of a GPU, kept for each of several trials on it; one alone "
            "may take more, GiB",
        )

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.waiting: list[ngn.Call] = []
        self.running: list[_Running] = []

    def start(self, calls: Sequence[ngn.Call]) -> None:
        """Take calls, and make as many as there are workers."""
        self.waiting += calls
        self._fill()

    def ended(self) -> list[ngn.Ended]:
        """Return the calls that ended, and make others in their place."""
        over = [one for one in self.running if one.process.poll() is not None]
        self.running = [one for one in self.running if one not in over]
        if over:
            self._fill()
        return [_end(one) for one in over]

    def stop(self) -> None:
        """Send SIGTERM to the calls that run, and wait for them."""
        self.waiting.clear()
        for one in self.running:
            one.process.terminate()
        for one in self.running:
            one.process.wait()
        self.running.clear()

    def _fill(self) -> None:
        """Make calls as long as there are workers and, on a GPU, memory for them."""
        while self.waiting:
            gpus = visible_gpus() if self.waiting[0].on_gpu else []
            workers = self.options.workers or len(gpus) or ngn.cores_here()
            gpu = self._roomiest(gpus)
            if len(self.running) >= workers or (gpus and gpu is None):
                return
            self._make(self.waiting.pop(0), workers, gpu)

    def _roomiest(self, gpus: Sequence[GPU]) -> str | None:
        """Return the UUID of the GPU with most room for a trial, None without room.

        Where nothing runs yet, there is no use in waiting for room.
        """
        room: dict[str, float] = {}
        for gpu in gpus:
            others = sum(one.gpu == gpu.uuid for one in self.running)
            kept = others * self.options.gpu_memory  # they may only have begun
            free = gpu.total - max(gpu.used, kept)
            enough = free >= self.options.gpu_memory
            if enough or not self.running or (not others and free >= gpu.total / 2):
                room[gpu.uuid] = free
        return max(room, key=room.__getitem__, default=None)

    def _make(self, call: ngn.Call, workers: int, gpu: str | None) -> None:
        threads = self.options.threads or max(ngn.cores_here() // workers, 1)
        environment = {**os.environ, **ngn.with_threads(threads)}
        if gpu is not None:
            environment["CUDA_VISIBLE_DEVICES"] = gpu
        with call.log.open("ab") as log:
            process = subprocess.Popen(
                call.command,
                cwd=call.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the call that waits for it
            )
        self.running.append(_Running(call, process, gpu))


def _end(one: _Running) -> ngn.Ended:
    code = one.process.returncode
    if code < 0:
        return ngn.Ended(one.call, None, f"its process was ended by signal {-code}")
    return ngn.Ended(one.call, code)
