"""A benchmark file stands for arguments; what is given beside it comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from ngn_core.cli.benchmark import with_benchmark
from ngn_core.cli.compare import parser
from ngn_core.errors import SpecError
from ngn_core.spec.load import load_all

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

FILE = """\
specs: [cogn, cgcnn]
dataset: emt_alloys
epochs: 3
fresh: true
where: {family: fcc}
sweep:
  graph.edges.neighbors: [4, 8]
  graph.edges.tolerance: [0.01]
"""


@pytest.fixture
def asked(tmp_path):
    def made(text, *more):
        file = tmp_path / "benchmark.yaml"
        file.write_text(text)
        arguments = ["--benchmark", str(file), *more]
        return parser().parse_intermixed_args(with_benchmark(parser(), arguments))

    return made


def test_its_keys_are_flags(asked):
    found = asked(FILE)
    assert found.specs == ["cogn", "cgcnn"]
    assert (found.dataset, found.epochs, found.fresh) == ("emt_alloys", 3, True)
    assert found.where == ["family=fcc"]
    assert found.sweeps == ["graph.edges.neighbors=4,8", "graph.edges.tolerance=0.01"]


def test_what_is_given_comes_first(asked):
    found = asked(FILE, "schnet", "--epochs", "5", "--sweep", "train.batch_size=2,4")
    assert (found.specs, found.epochs) == (["schnet"], 5)
    assert found.sweeps == ["train.batch_size=2,4"]


def test_all_its_problems_are_told_with_lines(asked):
    with pytest.raises(SpecError) as caught:
        asked("specs: cogn\ndatset: emt_alloys\n")
    first, second = str(caught.value).splitlines()
    assert "benchmark.yaml:1: specs: found 'cogn'; expected a list" in first
    assert "benchmark.yaml:2: datset: " in second
    assert second.endswith("Did you mean 'dataset'?")


def test_the_benchmark_of_connectivity_is_a_sweep_of_specs(registry):
    if not BENCHMARKS.is_dir():
        pytest.skip("benchmarks come with a checkout")
    arguments = ["--benchmark", str(BENCHMARKS / "connectivity.yaml")]
    found = parser().parse_intermixed_args(with_benchmark(parser(), arguments))
    specs = load_all(found.specs, registry, (), found.sweeps)
    assert len({spec.name for spec in specs}) == 4 * 12
