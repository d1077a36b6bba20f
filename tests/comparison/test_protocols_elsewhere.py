"""A training that is chosen inside of each fold, by workers."""

from dataclasses import replace

import pytest

from ngn_core.comparison.equal import EqualProtocol
from ngn_core.comparison.open_run import open_run
from ngn_core.comparison.request import Request
from ngn_core.comparison.session import compare, run_share
from ngn_core.comparison.tuned import TunedProtocol
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

    return Use("executor", Here, Options())


@pytest.mark.parametrize(
    "protocol", [EqualProtocol((1e-3, 1e-2)), TunedProtocol(2)], ids=["equal", "tuned"]
)
def test_choices_of_workers_are_collected_and_not_made_again(
    protocol, registry, reporter, tmp_path, monkeypatch
):
    request = Request(
        ("cgcnn",),
        "emt_alloys",
        tmp_path / "runs",
        "cpu",
        tmp_path / "cache",
        assignments=NARROW,
        split=SplitChoice("kfold:2"),
        limit=24,
        budget="epochs=1",
        protocol=protocol,
        costs="none",
    )

    def compared(request):
        return compare(request, open_run(request, registry, reporter))

    def train(call):
        assert not run_share(request, open_run(request, registry, reporter))
        return 0

    calls = []
    executor = through(lambda call: calls.append(call) or train(call))
    (table,) = compared(replace(request, executor=executor))
    assert not table.failures
    assert len(calls) == len(list(result_folders(request.out))) == 2
    (here,) = compared(request)
    assert [line.scores for line in table.lines] == [line.scores for line in here.lines]

    def refuse(*values, **more):
        raise AssertionError("nothing is trained by who collects")

    monkeypatch.setattr("ngn_core.experiment.run.train_trial", refuse)
    empty = replace(request, out=tmp_path / "empty", executor=through(lambda call: 137))
    (table,) = compared(empty)
    assert len(table.failures) == 2
    assert "its worker left neither" in table.failures[0].reason
