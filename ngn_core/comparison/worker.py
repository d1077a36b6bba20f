"""A worker of an executor: `python -m ngn_core.comparison.worker REQUEST`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from ngn_core.errors import NGNError
from ngn_core.plugin.cores import cores_here
from ngn_core.plugin.executor import UNFINISHED
from ngn_core.processes import wait_briefly

_FAILED, _REFUSED = 1, 2


def work(file: Path) -> int:
    """Run the trials that a stored request asks for; return the exit code.

    0 where all are stored, 1 where one failed, 2 where the request cannot be followed,
    and 75 where SIGTERM or SIGUSR1 came and a checkpoint is written.
    """
    wait_briefly()
    from ngn_core.training.stop import Stopped

    try:
        return _FAILED if _run(file) else 0
    except NGNError as error:
        _say(f"error: {error}")
        return _REFUSED
    except OSError as error:
        _say(f"error: {error}")
        return _FAILED
    except Stopped as stopped:
        _say(f"{stopped}: what is done is stored, the same call goes on.")
        return UNFINISHED


def _run(file: Path) -> bool:
    """Run the trials; return whether one failed."""
    from ngn_core.comparison.open_run import open_run
    from ngn_core.comparison.request_file import read_request
    from ngn_core.comparison.session import run_share
    from ngn_core.comparison.worker_log import WorkerLog
    from ngn_core.experiment.stopping import stopping
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.training.denormals import denormals_flushed

    with denormals_flushed(), stopping() as stop:
        request = read_request(file)
        request = replace(request, jobs=min(request.jobs, cores_here()))
        registry = collect(plugin_manager(request.plugins))
        return bool(run_share(request, open_run(request, registry, WorkerLog(), stop)))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(work(Path(sys.argv[1])))
