"""What every protocol is asked, and what a choice is in a trial's digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ngn_core.cli.compare import parser
from ngn_core.comparison.equal import EqualProtocol
from ngn_core.comparison.open_run import open_run
from ngn_core.comparison.own import OwnProtocol
from ngn_core.comparison.protocols import PROTOCOLS
from ngn_core.comparison.request import Request
from ngn_core.comparison.session import run_share
from ngn_core.comparison.tuned import TunedProtocol
from ngn_core.dataset.split_choice import SplitChoice
from ngn_core.errors import NGNError
from ngn_core.experiment.protocol import Chosen
from ngn_core.experiment.result import read_result
from ngn_core.experiment.store import result_folders
from ngn_core.experiment.trial import make_trial


def test_the_command_line_knows_every_protocol():
    for name in PROTOCOLS:
        assert parser().parse_args(["cgcnn", "--protocol", name]).protocol == name
    assert PROTOCOLS[parser().parse_args(["cgcnn"]).protocol] is OwnProtocol
    with pytest.raises(SystemExit):
        parser().parse_args(["cgcnn", "--protocol", "published"])


@pytest.mark.parametrize(
    ("protocol", "choices"),
    [(OwnProtocol(), 0), (EqualProtocol((1e-3, 1e-2)), 2), (TunedProtocol(7), 7)],
)
def test_a_protocol_says_what_a_choice_costs(protocol, choices):
    assert protocol.choices == choices
    assert protocol.chooses == (choices > 0)


def test_a_spec_of_its_own_stays_as_it_is(small_spec, prepared, registry):
    protocol = OwnProtocol()
    assert protocol.lay_out([small_spec], [], registry) == [small_spec]
    found = protocol.choose(small_spec, 0, prepared, None, None)
    assert (found.spec, found.chosen, found.prepared) == (small_spec, None, prepared)


def test_a_study_without_trials_is_refused():
    with pytest.raises(NGNError, match="--trials 0: expected a number from 1 on"):
        TunedProtocol(0)


def test_a_model_does_not_tell_what_each_fold_picked(small_spec, prepared, registry):
    def picked(rate, fold, **more):
        spec = small_spec.with_learning_rate(rate)
        how = Chosen("some", None, (), {"lr": rate}, 0.0, **more)
        return make_trial(spec, prepared.crystals, fold, 0, registry, how)

    apart = {"apart": (("train", "optimizer", "lr"),)}
    one, other = picked(1e-3, 0, **apart), picked(1e-2, 1, **apart)
    assert one.model == other.model
    assert one.digest != picked(1e-2, 0, **apart).digest
    assert picked(1e-3, 0).model != picked(1e-2, 1).model


def test_epochs_are_in_the_spec_of_a_choice_and_not_in_its_record(
    registry, silent, tmp_path
):
    # as every digest that there is has it
    request = Request(
        ("cgcnn",),
        "emt_alloys",
        tmp_path / "runs",
        "cpu",
        assignments=("network.embed.node.width=8", "network.head.layers=[8, 1]"),
        split=SplitChoice("kfold:2"),
        limit=12,
        epochs=1,
        protocol=EqualProtocol((1e-3, 1e-2)),
    )
    for asked in (request, replace(request, epochs=None, budget="epochs=1")):
        assert not run_share(asked, open_run(asked, registry, silent))
    results = [read_result(one) for one in result_folders(tmp_path / "runs")]
    budgets = sorted(str(one.training["budget"]) for one in results)
    assert budgets == ["None", "None", "epochs=1", "epochs=1"]
    assert {one.training["protocol"] for one in results} == {"equal"}
