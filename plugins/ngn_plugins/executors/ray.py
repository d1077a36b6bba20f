"""Trials as tasks of a Ray cluster."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any

from pydantic import Field

import ngn_core.api as ngn

_PATIENCE = 60.0
"""Seconds that calls have to write a checkpoint when they are stopped."""


class RayExecutor(ngn.Executor):
    """Ray: one task for each trial, on any machine of the cluster that has room.

    All machines see the folder of results, the data and the graphs at the same paths.
    """

    name = "ray"

    class Options(ngn.Options):
        """Options of the Ray executor."""

        address: str | None = Field(
            None, description="of a cluster that runs, auto where one runs here"
        )
        cpus: int = Field(1, ge=1, description="of a trial, and its threads")
        gpus: float = Field(
            0.0, ge=0, description="of a trial; a quarter, and four share one"
        )
        memory: float | None = Field(None, gt=0, description="of a trial, GiB")

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.refs: dict[Any, ngn.Call] = {}
        self._ray: Any = None

    def start(self, calls: Sequence[ngn.Call]) -> None:
        """Give calls to the cluster, which is asked for the first time now.

        Raises:
            ExecutorError: without Ray, or where the cluster does not answer.
        """
        if self._ray is None:
            self._ray = self._connected()
        options = self.options
        asked = {"num_cpus": options.cpus, "num_gpus": options.gpus}
        if options.memory is not None:
            asked["memory"] = int(options.memory * 2**30)
        task = self._ray.remote(
            max_calls=1,  # each in a process of its own
            max_retries=0,  # whoever waits for it decides
            **asked,
        )(_make)
        self.refs.update((task.remote(call, options.cpus), call) for call in calls)

    def ended(self) -> list[ngn.Ended]:
        """Return the calls whose tasks are over."""
        if not self.refs:
            return []
        refs = list(self.refs)
        over, _ = self._ray.wait(refs, num_returns=len(refs), timeout=0)
        return [self._end(ref, self.refs.pop(ref)) for ref in over]

    def stop(self) -> None:
        """Cancel what waits or runs, and leave the cluster."""
        if self._ray is None:
            return
        for ref in self.refs:
            self._ray.cancel(ref, force=False)
        if refs := list(self.refs):
            self._ray.wait(refs, num_returns=len(refs), timeout=_PATIENCE)
        self.refs.clear()
        self._ray.shutdown()

    def _connected(self) -> Any:
        asked = signal.getsignal(signal.SIGTERM)
        try:
            import ray
        except ImportError as error:
            raise ngn.ExecutorError(
                "--executor ray needs Ray, which is not installed: pip install "
                '"ngn[ray]"'
            ) from error
        signal.signal(signal.SIGTERM, asked)  # Ray takes it where it is imported
        if not ray.is_initialized():
            try:
                ray.init(address=self.options.address, log_to_driver=False)
            except (ConnectionError, RuntimeError, ValueError) as error:
                where = self.options.address or "a cluster of its own"
                raise ngn.ExecutorError(f"--executor ray: {where}: {error}") from error
        return ray

    def _end(self, ref: Any, call: ngn.Call) -> ngn.Ended:
        try:
            return ngn.Ended(call, self._ray.get(ref))
        except self._ray.exceptions.RayError as error:
            reason = str(error).strip().splitlines()[0]
            return ngn.Ended(call, None, f"{type(error).__name__}: {reason}")


def _make(call: ngn.Call, threads: int) -> int:
    """Make a call in a process of the cluster; to cancel it is to ask for the end."""

    def ask(number: int, frame: Any) -> None:
        signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGINT, ask)
    return call.run(threads)
