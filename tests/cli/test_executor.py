"""`ngn-compare --executor`: the requests of the workers, and mistakes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ngn_core import __version__
from ngn_core.cli.benchmark import with_benchmark
from ngn_core.cli.compare import comparison_of, main, parser
from ngn_core.comparison.equal import EqualProtocol
from ngn_core.comparison.request import share_of
from ngn_core.comparison.request_file import read_request, write_request
from ngn_core.comparison.worker import work
from ngn_core.experiment.shard import Shard

GIVEN = [
    *("cogn", "baselines/median", "--dataset", "my_cifs", "--state", "condition"),
    *(
        "--target",
        "gap",
        "--target",
        "k_vrh",
        "--where",
        "tier=A",
        "--where",
        "b={min: 2}",
    ),
    *("--set", "train.batch_size=32", "--set", "network.head.layers=[8, 1]"),
    *("--protocol", "equal", "--learning-rates", "1e-4,3e-3", "--epochs", "7"),
    *("--seeds", "3", "--split", "kfold:4", "--all-rows", "--jobs", "3"),
    *("--out", "some runs", "--cache", "cache", "--plugin", "a.py", "--plugin", "b.py"),
    *("--executor", "slurm", "--executor-option", "time=5", "--max-time", "3h"),
]


def parsed(arguments):
    return parser().parse_intermixed_args(arguments)


def stored(asked, folder):
    """Return the request of a worker, and what a worker reads of it."""
    request = share_of(comparison_of(asked), "gap", Shard(2, 8))
    write_request(request, folder / "request.json")
    return request, read_request(folder / "request.json")


def test_workers_are_asked_for_the_same_comparison(tmp_path):
    asked = parsed(GIVEN)
    request, again = stored(asked, tmp_path)
    assert again == request
    whole = replace(comparison_of(asked), targets=("gap",), shard=Shard(2, 8))
    assert again == whole
    assert again.protocol == EqualProtocol((1e-4, 3e-3))
    assert again.plugins == (Path("a.py"), Path("b.py"))
    assert (again.out, again.cache) == (Path("some runs"), Path("cache"))
    assert again.flags.where == ("tier=A", "b={min: 2}")


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--protocol", "tuned", "--trials", "3", "--space", "space.yaml"],
        ["--declaration", "d.yaml", "--holdout", "0.1", "--device", "cuda"],
        ["--margin", "0.03", "--baseline", "cogn", "--log", "tensorboard"],
    ],
)
def test_every_request_is_read_as_it_was_written(flags, tmp_path):
    request, again = stored(parsed(["cogn", *flags]), tmp_path)
    assert again == request
    assert hash(again.protocol) == hash(request.protocol)


def test_workers_read_no_benchmark_file(tmp_path):
    file = tmp_path / "benchmark.yaml"
    file.write_text(
        "specs: [cogn]\nset: {train.epochs: 3}\nexecutor: local\n"
        "executor-option: {workers: 2}\n"
    )
    asked = parsed(with_benchmark(parser(), ["--benchmark", str(file)]))
    assert asked.executor == "local"
    assert asked.executor_options == ["workers=2"]
    _, again = stored(asked, tmp_path)
    assert (again.specs, again.assignments) == (("cogn",), ("train.epochs=3",))
    assert again.executor is None


def test_a_worker_ends_with_a_code_whatever_it_is_given(tmp_path, capsys):
    file = tmp_path / "request.json"
    assert work(file) == 2
    assert "not a request (FileNotFoundError" in capsys.readouterr().err
    file.write_text('{"ngn": "0.0.1", "specs": []}')
    assert work(file) == 2
    assert "written by ngn 0.0.1; expected" in capsys.readouterr().err
    file.write_text(json.dumps({"ngn": __version__, "nonsense": 1}))
    assert work(file) == 2
    assert "unexpected keyword argument 'nonsense'" in capsys.readouterr().err
    stored(parsed(["nonsense", "--out", str(tmp_path)]), tmp_path)
    assert work(file) == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--executor", "locl"], "Did you mean 'local'?"),
        (["--executor", "local", "--executor-option", "worker=2"], "'workers'?"),
        (["--executor", "local", "--address", "auto"], "unknown key 'address'"),
        (["--executor-option", "workers=2"], "expected an --executor"),
        (["--address", "auto"], "expected an --executor"),
        (["--executor", "local", "--shard", "1/2"], "expected one of them"),
        (["--executor", "local", "--trials-only"], "expected one of them"),
        (["--executor", "local", "--fresh"], "would begin anew"),
        (["--executor", "local", "--budget", "3m"], "every worker would measure"),
    ],
)
def test_mistakes_are_sentences(tmp_path, capsys, arguments, sentence):
    assert main(["cgcnn", "--out", str(tmp_path), *arguments]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said
