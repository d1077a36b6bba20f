"""`ngn-compare --executor`: the arguments of the workers, and mistakes."""

import pytest

from ngn_core.cli.benchmark import with_benchmark
from ngn_core.cli.compare import main, parser
from ngn_core.cli.worker import _OTHERS, worker, worker_arguments

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


def comparison(asked):
    return {key: value for key, value in vars(asked).items() if key not in _OTHERS}


def test_workers_are_asked_for_the_same_comparison():
    asked = parsed(GIVEN)
    again = parsed(list(worker_arguments(parser(), asked)))
    assert comparison(again) == comparison(asked)
    for name in _OTHERS - {"help", "version"}:
        assert not getattr(again, name)


def test_workers_read_no_benchmark_file(tmp_path):
    file = tmp_path / "benchmark.yaml"
    file.write_text(
        "specs: [cogn]\nset: {train.epochs: 3}\nexecutor: local\n"
        "executor-option: {workers: 2}\n"
    )
    asked = parsed(with_benchmark(parser(), ["--benchmark", str(file)]))
    assert asked.executor == "local"
    assert asked.executor_options == ["workers=2"]
    made = worker_arguments(parser(), asked)
    assert made == ("cogn", "--set=train.epochs=3")


def test_a_worker_ends_with_a_code_whatever_it_is_given(capsys):
    assert worker(["cogn", "--nonsense"]) == 2
    assert "unrecognized arguments" in capsys.readouterr().err


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
