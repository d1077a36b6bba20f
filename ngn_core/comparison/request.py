"""What a comparison is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ngn_core.comparison.own import OwnProtocol
from ngn_core.comparison.protocol import Protocol
from ngn_core.costs.costs import Wanted
from ngn_core.dataset.dataset import DatasetTable
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.rows import OnDisorder
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.experiment.shard import Shard
from ngn_core.matbench.submission import Submission
from ngn_core.plugin.options import Use
from ngn_core.statistics.verdict_options import VerdictOptions

if TYPE_CHECKING:
    from ngn_core.training.logs import LogName


@dataclass(frozen=True)
class Request:
    """What the user asked for; see `ngn-compare --help`.

    Nothing in it is of this process, so that another one can do the same.

    Attributes:
        dataset: what `--dataset` names, or a table made from objects.
        device: where to train, by name.
        plugins: files with components.
        protocol: how each spec's training is chosen.
        epochs: short for a budget of so many epochs.
        budget: how much training there may be, see `budget.py`.
        verdict_options: which pairs of specs are compared.
        against: submissions to MatBench that stand beside what is trained.
        leaderboard: whether published fold scores do.
        costs: which are measured after the trials, see `costs/measure_costs.py`.
        flags: what is said of the dataset and its targets over its `dataset.yaml`.
        jobs: processes that build graphs; more than one only where the main module can
            be imported again.
        shard: the share of the trials that is run, None: all.
        executor: that runs the trials, None: this process.
        log: what learning curves are written for, too, into each trial's folder.
        devices: over which each trial is trained, GPUs or processes of the CPU; more
            than one only where the main module can be imported again.
    """

    specs: tuple[str, ...]
    dataset: str | DatasetTable
    out: Path
    device: str = "auto"
    cache: Path | None = None
    plugins: tuple[Path, ...] = ()
    assignments: tuple[str, ...] = ()
    sweeps: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    flags: DeclarationFlags = field(default_factory=DeclarationFlags)
    split: SplitChoice = field(default_factory=SplitChoice)
    limit: int | None = None
    state: str | None = None
    seeds: int = 1
    epochs: int | None = None
    budget: str | None = None
    protocol: Protocol = field(default_factory=OwnProtocol)
    verdict_options: VerdictOptions = field(default_factory=VerdictOptions)
    costs: Wanted = "missing"
    against: tuple[Submission, ...] = ()
    leaderboard: bool = False
    on_bad_structure: Literal["error", "skip"] = "error"
    on_disorder: OnDisorder = "error"
    fresh: bool = False
    jobs: int = 1
    shard: Shard | None = None
    executor: Use | None = None
    log: LogName | None = None
    devices: int = 1


def share_of(request: Request, target: str, shard: Shard) -> Request:
    """Return the request of a worker, which runs trials and makes no table."""
    return replace(
        request,
        targets=(target,),
        shard=shard,
        executor=None,
        against=(),
        leaderboard=False,
    )
