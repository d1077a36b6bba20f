"""Progress: what is said, and how long the bars are."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from ngn_core.experiment.result import Score
from ngn_core.report.progress import Progress


@pytest.fixture
def trial():
    return SimpleNamespace(
        spec=SimpleNamespace(name="s[/b]"),
        target=SimpleNamespace(name="gap [eV]"),
        epochs=3,
        fold=0,
        seed=1,
    )


def result(unit):
    score = Score("mae", "MAE", 0.3111, unit, "lower")
    return SimpleNamespace(scores=(score,), cost={"train_seconds": 2.0})


def test_brackets_are_said_as_they_are(capsys, trial):
    path = f"{'folder/' * 30}[/b]"
    with Progress() as progress:
        progress.note(f"stored in {path}")
        progress.graphs("s[/b]", 1, 2)
        progress.plan(2, 0)
        progress.begin(trial)
        progress.finish(trial, result("[red]"))
        progress.fail(trial, f"no such file {path}")
    title = "s[/b] gap [eV] fold 0 seed 1"
    assert capsys.readouterr().err == (
        f"stored in {path}\n"
        f"{title}: MAE 0.3111 [red] (2.0 s)\n"
        f"failed {title}: no such file {path}\n"
    )


def test_bars_show_brackets_as_they_are(trial):
    with Progress() as progress:
        progress.begin(trial)
        progress.graphs("x[/b]", 1, 2)
        made = progress.bars.make_tasks_table(progress.bars.tasks)
    text = io.StringIO()
    Console(file=text, width=160).print(made)
    assert "s[/b] gap [eV] fold 0 seed 1" in text.getvalue()
    assert "graphs of x[/b]" in text.getvalue()


def test_each_target_has_its_trials(trial):
    with Progress() as progress:
        progress.plan(5, 4)
        progress.begin(trial)
        progress.finish(trial, result(""))
        (bar,) = [task for task in progress.bars.tasks if task.description == "trials"]
        assert (bar.completed, bar.total) == (5, 5)
        progress.plan(10, 0)
        assert (bar.completed, bar.total) == (0, 10)
        assert not bar.finished


def test_graphs_of_another_target_are_seen_again():
    with Progress() as progress:
        progress.graphs("coGN", 2, 2)
        (bar,) = progress.bars.tasks
        assert not bar.visible
        progress.graphs("coGN", 1, 3)
        assert bar.visible
        assert (bar.completed, bar.total) == (1, 3)


@pytest.mark.parametrize(
    ("trials", "stored", "sentence"),
    [
        (5, 5, "5 of 5 trials are stored already\n"),
        (5, 1, "1 of 5 trials is stored already\n"),
        (1, 1, "1 of 1 trial is stored already\n"),
        (5, 0, ""),
    ],
)
def test_stored_trials_are_counted(capsys, trials, stored, sentence):
    with Progress() as progress:
        progress.plan(trials, stored)
    assert capsys.readouterr().err == sentence
