"""Trials as tasks of an array of SLURM."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

import ngn_core.api as ngn

if TYPE_CHECKING:
    import submitit

_ARRAY = 1000
"""Tasks of an array; SLURM takes 1001 unless it is told otherwise."""

_TIMEOUTS = 1000
"""How often a task goes on after its time was over."""


class SlurmExecutor(ngn.Executor):
    """SLURM: one task of an array for each trial, through submitit.

    Shortly before its time is over a task writes a checkpoint and is queued again.
    """

    name = "slurm"

    class Options(ngn.Options):
        """Options of the SLURM executor."""

        time: int = Field(60, ge=1, description="of a task, minutes")
        partition: str | None = Field(None, description="of the cluster")
        account: str | None = Field(None, description="that is charged")
        cpus: int = Field(1, ge=1, description="of a task, and its threads")
        gpus: int = Field(0, ge=0, description="of a task")
        memory: float | None = Field(None, gt=0, description="of a task, GiB")
        at_once: int = Field(256, ge=1, description="tasks that run at once, at most")
        notice: int = Field(
            90, ge=1, description="for the checkpoint, before the time is over, seconds"
        )
        more: dict[str, str | int] = Field(
            {}, description="other options of sbatch, {qos: long} say"
        )

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.jobs: dict[submitit.Job[int], ngn.Call] = {}

    def start(self, calls: Sequence[ngn.Call]) -> None:
        """Submit calls as arrays.

        Raises:
            ExecutorError: without submitit or SLURM, or where SLURM refuses.
        """
        for first in range(0, len(calls), _ARRAY):
            part = calls[first : first + _ARRAY]
            tasks = [Task(call, self.options.cpus) for call in part]
            try:
                made = self._submitter(part[0].log.parent).submit_array(tasks)
            except RuntimeError as error:  # submitit's own are such
                raise ngn.ExecutorError(f"--executor slurm: {error}") from error
            self.jobs.update(zip(made, part, strict=True))

    def ended(self) -> list[ngn.Ended]:
        """Return the calls whose tasks left a result, or are over without one."""
        over = [job for job in self.jobs if job.done()]
        return [_end(job, self.jobs.pop(job)) for job in over]

    def stop(self) -> None:
        """Cancel what is queued or runs; what runs gets SIGTERM, and time to end."""
        for job in self.jobs:
            job.cancel(check=False)
        self.jobs.clear()

    def _submitter(self, folder: Path) -> Any:
        try:
            import submitit
        except ImportError as error:
            raise ngn.ExecutorError(
                "--executor slurm needs submitit, which is not installed: "
                'pip install "ngn[slurm]"'
            ) from error
        options = self.options
        memory = options.memory
        made = submitit.SlurmExecutor(folder, max_num_timeout=_TIMEOUTS)
        asked = {
            "partition": options.partition,
            "account": options.account,
            "gpus_per_node": options.gpus or None,
            "mem": None if memory is None else f"{round(memory * 1024)}M",
            "additional_parameters": dict(options.more) or None,
        }
        made.update_parameters(
            job_name="ngn",
            time=options.time,
            cpus_per_task=options.cpus,
            signal_delay_s=options.notice,
            array_parallelism=options.at_once,
            setup=[
                f"export {key}={value}"
                for key, value in ngn.with_threads(options.cpus).items()
            ],
            **{key: value for key, value in asked.items() if value is not None},
        )
        return made


@dataclass(frozen=True)
class Task:
    """A call as submitit makes it; after its time it is queued again.

    Attributes:
        call: what is made.
        threads: of numerical libraries.
    """

    call: ngn.Call
    threads: int

    def __call__(self) -> int:
        """Make the call; return its exit code.

        submitit would queue the task again as soon as the signal comes that the time is
        over. The call writes its checkpoint first, and then gets the signal through.
        """
        over = False

        def ask(number: int, frame: Any) -> None:
            nonlocal over
            over = True
            signal.raise_signal(signal.SIGUSR1)

        signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # until the call listens to it
        queue_again = signal.signal(signal.SIGUSR2, ask)
        code = self.call.run(self.threads)
        signal.signal(signal.SIGUSR2, queue_again)
        if over and code == ngn.UNFINISHED:
            signal.raise_signal(signal.SIGUSR2)
        return code

    def checkpoint(self) -> submitit.helpers.DelayedSubmission:
        """Return what submitit queues: the same again."""
        from submitit.helpers import DelayedSubmission

        return DelayedSubmission(self)


def _end(job: submitit.Job[int], call: ngn.Call) -> ngn.Ended:
    from submitit.core.utils import UncompletedJobError

    try:
        return ngn.Ended(call, job.result())
    except UncompletedJobError:
        state = job.state.lower().replace("_", " ")
        where = f"{state}; see {job.paths.stderr}"
        return ngn.Ended(call, None, f"task {job.job_id} of SLURM ended as {where}")
