"""The commands that train ask the same of their data, and make one request of it."""

from __future__ import annotations

import pytest

from ngn_core.cli.compare import comparison_of
from ngn_core.cli.compare import parser as compare_parser
from ngn_core.cli.request import request_of
from ngn_core.cli.workbench import parser as workbench_parser

DATA = [
    *("--dataset", "alloys.csv", "--target", "gap", "--limit", "9"),
    *("--split", "kfold:3", "--folds", "3", "--by", "chemsys", "--holdout", "0.1"),
    *("--state", "pressure", "--unit", "eV", "--per", "atom", "--task", "regression"),
    *("--transform", "log10", "--where", "tier=A", "--group", "mp_id", "--all-rows"),
    *("--declaration", "d.yaml", "--on-bad-structure", "skip"),
    *("--on-disorder", "average", "--set", "train.epochs=3", "--device", "cpu"),
    *("--out", "runs", "--cache", "cache", "--jobs", "2", "--fresh"),
]

OWN = ("specs", "protocol")
"""Fields in which the requests differ."""


def said(request):
    return {key: value for key, value in vars(request).items() if key not in OWN}


def asked(command, *arguments):
    return workbench_parser().parse_args([command, *arguments, *DATA])


def test_the_same_arguments_are_the_same_request():
    compared = comparison_of(compare_parser().parse_args(["cgcnn", *DATA]))
    estimated = comparison_of(asked("estimate", "cgcnn"))
    tuned = request_of(asked("tune", "cgcnn"), ["cgcnn"])
    explained = request_of(asked("explain", "cgcnn", "cogn"), ())
    assert said(compared) == said(estimated) == said(tuned) == said(explained)
    assert compared.targets == ("gap",)
    assert (compared.limit, compared.state, compared.jobs) == (9, "pressure", 2)


def test_a_comparison_has_several_targets_the_others_the_last_one():
    two = ["--target", "gap", "--target", "mass"]
    compared = comparison_of(compare_parser().parse_args(["cgcnn", *two]))
    assert compared.targets == ("gap", "mass")
    tuned = workbench_parser().parse_args(["tune", "cgcnn", *two])
    assert request_of(tuned, ["cgcnn"]).targets == ("mass",)


@pytest.mark.parametrize("command", ["tune", "explain", "estimate"])
def test_the_help_of_each_names_every_argument_of_the_data(command, capsys):
    with pytest.raises(SystemExit):
        workbench_parser().parse_args([command, "--help"])
    out = capsys.readouterr().out
    for flag in (argument for argument in DATA if argument.startswith("--")):
        assert flag in out
