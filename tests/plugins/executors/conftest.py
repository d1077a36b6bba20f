"""A comparison that executors run."""

import pytest

from ngn_core.cli.compare import main
from ngn_core.experiment.result import PREDICTIONS, read_result
from ngn_core.experiment.store import result_folders


@pytest.fixture
def compare(tmp_path, capsys):
    """Compare one narrow spec in two folds: `compare(out, epochs, *arguments)`."""

    def call(out, epochs, *arguments):
        code = main(
            [
                "cgcnn",
                "--set=network.embed.node.width=8",
                "--set=network.blocks.0.repeat=1",
                "--set=network.head.layers=[8, 1]",
                "--limit=30",
                f"--epochs={epochs}",
                "--split=kfold:2",
                "--costs=none",
                f"--out={tmp_path / out}",
                f"--cache={tmp_path / 'cache'}",
                *arguments,
            ]
        )
        return code, capsys.readouterr()

    return call


@pytest.fixture
def predictions(tmp_path):
    """Return the files of predictions in a folder of results, by trial."""

    def read(out):
        folders = list(result_folders(tmp_path / out))
        return {folder.name: (folder / PREDICTIONS).read_bytes() for folder in folders}

    return read


@pytest.fixture
def threads(tmp_path):
    """Return the numbers of threads that the trials in a folder say they had."""

    def read(out):
        results = map(read_result, result_folders(tmp_path / out))
        return [result.environment["threads"] for result in results]

    return read
