"""A training that is chosen inside of each fold, by workers."""

from dataclasses import replace

import pytest
import torch

from ngn_core.comparison.elsewhere import Elsewhere
from ngn_core.comparison.request import Request
from ngn_core.comparison.session import compare, run_share
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.experiment.store import result_folders
from ngn_core.plugin.executor import Ended, Executor
from ngn_core.plugin.options import Options, Use

NARROW = (
    "network.embed.node.width=8",
    "network.blocks.0.repeat=1",
    "network.head.layers=[8, 1]",
)


def through(work):
    """Return where each call is `work`, done as soon as it is asked for."""

    class Here(Executor):
        name = "here"

        def start(self, calls):
            self.over = [Ended(call, work(call)) for call in calls]

        def ended(self):
            over, self.over = self.over, []
            return over

        def stop(self):
            pass

    return Elsewhere(Use("executor", Here, Options()), lambda arguments: 0, ())


@pytest.mark.parametrize(
    ("protocol", "changes"),
    [("equal", {"learning_rates": (1e-3, 1e-2)}), ("tuned", {"trials": 2})],
)
def test_choices_of_workers_are_collected_and_not_made_again(
    protocol, changes, registry, watch, tmp_path, monkeypatch
):
    request = Request(
        ("cgcnn",),
        "emt_alloys",
        tmp_path / "runs",
        torch.device("cpu"),
        tmp_path / "cache",
        assignments=NARROW,
        split=SplitChoice("kfold:2"),
        limit=24,
        budget="epochs=1",
        protocol=protocol,
        costs="none",
        **changes,
    )

    def train(call):
        assert not run_share(request, registry, watch)
        return 0

    calls = []
    elsewhere = through(lambda call: calls.append(call) or train(call))
    (table,) = compare(replace(request, elsewhere=elsewhere), registry, watch)
    assert not table.failures
    assert len(calls) == len(list(result_folders(request.out))) == 2
    (here,) = compare(request, registry, watch)
    assert [line.scores for line in table.lines] == [line.scores for line in here.lines]

    def refuse(*values, **more):
        raise AssertionError("nothing is trained by who collects")

    monkeypatch.setattr("ngn_core.experiment.run.train_trial", refuse)
    empty = replace(
        request, out=tmp_path / "empty", elsewhere=through(lambda call: 137)
    )
    (table,) = compare(empty, registry, watch)
    assert len(table.failures) == 2
    assert "its worker left neither" in table.failures[0].reason
