"""`ngn-compare --devices`: the table of one device, and mistakes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from ngn_core.cli.compare import main
from ngn_core.comparison import device as module
from ngn_core.comparison.budget import parse_budget
from ngn_core.comparison.device import check_devices
from ngn_core.comparison.request import Request
from ngn_core.comparison.session import estimates
from ngn_core.errors import NGNError
from ngn_core.experiment.environment import environment
from ngn_core.experiment.hardware import hardware
from ngn_core.experiment.result import read_result
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.store import Store, result_folders

PLUGIN = """
import torch

import ngn_core.api as ngn


class LogCosh(ngn.Loss):
    \"\"\"Mean of log cosh (output - target).\"\"\"

    name = "log_cosh"
    task = "regression"

    def forward(self, output, target):
        return torch.log(torch.cosh(output - target)).mean()


@ngn.hookimpl
def ngn_register_losses():
    return [LogCosh]
"""
SMALL = [
    *("cgcnn", "--limit", "24", "--split", "kfold:2"),
    *("--set", "network.embed.node.width=8", "--set", "network.blocks.0.repeat=1"),
    *("--set", "network.head.layers=[8, 1]", "--set", "train.batch_size=5"),
    *("--set", "train.epochs=3"),
    *("--set", "train.loss=log_cosh", "--device", "cpu", "--costs", "none"),
]


@pytest.fixture
def compare(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(module, "cores_here", lambda: 2)
    (tmp_path / "mine.py").write_text(PLUGIN)
    files = ["--plugin", str(tmp_path / "mine.py"), "--cache", str(tmp_path / "cache")]

    def call(runs, *arguments):
        code = main([*SMALL, *files, "--out", str(tmp_path / runs), *arguments])
        return code, capsys.readouterr()

    return call


def results(folder):
    found = [read_result(place) for place in result_folders(folder)]
    return sorted(found, key=lambda result: result.fold)


def test_trials_of_one_and_of_two_devices_make_the_table_of_one(compare, tmp_path):
    assert compare("one")[0] == 0
    assert compare("two", "--devices", "2", "--shard", "1/2")[0] == 0
    [first] = results(tmp_path / "two")
    assert first.environment["devices"] == 2
    code, printed = compare("two")  # trains the other half, on one
    assert code == 0
    assert "1 of 2 trials is stored already" in printed.err
    assert "2 processes of 1 thread" in printed.out
    pairs = zip(results(tmp_path / "one"), results(tmp_path / "two"), strict=True)
    for one, two in pairs:
        assert one.digest == two.digest
        assert "devices" not in one.environment
        for a, b in zip(one.predictions, two.predictions, strict=True):
            assert a[:2] == b[:2]
            assert a[2] == pytest.approx(b[2], abs=1e-4)
    texts = [tmp_path / runs / "report" / "comparison.json" for runs in ("one", "two")]
    scores = [
        table["rows"][0]["mae"]
        for text in texts
        for table in json.loads(text.read_text(encoding="utf-8"))[0]["tables"]
        if table["name"] == "scores"
    ]
    assert scores[0]["mean"] == pytest.approx(scores[1]["mean"], rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--devices", "3"], "--devices 3: found 2 cores of the CPU; expected up to 2"),
        (["--devices", "2", "--budget", "seconds=5"], "measured on one device"),
    ],
)
def test_mistakes_are_sentences_before_any_training(
    compare, tmp_path, arguments, sentence
):
    code, printed = compare("runs", *arguments)
    assert code == 2
    assert sentence in printed.err
    assert not (tmp_path / "runs").exists()


def test_no_number_from_one_on_is_refused(compare):
    with pytest.raises(SystemExit):
        compare("runs", "--devices", "0")


@pytest.fixture
def run_on(monkeypatch, registry, tmp_path):
    """A run on a machine with two GPUs."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda gpu: "NVIDIA H100")

    def make(name, devices):
        store = Store(tmp_path)
        return Run(registry, store, device=torch.device(name), devices=devices)

    return make


def test_gpus_that_are_not_there_are_said(run_on, monkeypatch):
    check_devices(run_on("cuda", 2), None)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
    with pytest.raises(NGNError) as error:
        check_devices(run_on("cuda", 3), None)
    assert str(error.value) == (
        "--devices 3: found 2 GPUs (NVIDIA H100, CUDA_VISIBLE_DEVICES=4,7); expected "
        "up to 2"
    )
    with pytest.raises(NGNError, match="--device cuda:1: that is one GPU"):
        check_devices(run_on("cuda:1", 2), None)
    check_devices(run_on("cuda:1", 1), parse_budget("3m"))
    # on a login node nobody knows what there is where workers run
    check_devices(replace(run_on("cpu", 64), collects=True), None)


def test_what_is_measured_on_one_device_is_no_estimate_of_two(run_on, tmp_path):
    request = Request((), "x", tmp_path, devices=2)
    with pytest.raises(NGNError, match="--devices 2: how much faster"):
        estimates(request, run_on("cuda", 2))


def test_the_hardware_of_several_devices_is_said(monkeypatch):
    monkeypatch.setattr(torch, "get_num_threads", lambda: 8)
    two = environment(torch.device("cpu"), 2)
    assert two["threads"] == 4
    assert hardware(two).endswith(", 2 processes of 4 threads")
    assert hardware({**two, "gpu": "NVIDIA H100"}) == "2 x NVIDIA H100"
    assert hardware(environment(torch.device("cpu"))).endswith(", 8 threads")
