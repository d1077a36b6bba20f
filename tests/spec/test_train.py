import pytest


def test_what_is_said_of_a_task_is_laid_over_the_rest(probe, load):
    setting = "train.by_task={binary: {epochs: 7, optimizer: {eps: 0.5}}}"
    train = load(probe, setting).train
    assert (train["regression"].epochs, train["binary"].epochs) == (3, 7)
    assert train["binary"].optimizer.options.lr == 1e-3
    assert train["binary"].optimizer.options.eps == 0.5
    assert train["regression"].optimizer.options.eps == 1e-8


def test_losses_are_for_their_task(probe, load):
    train = load(probe).train
    assert (train["regression"].loss.name, train["binary"].loss.name) == ("mae", "bce")
    train = load(probe, "train.loss=mse").train
    assert (train["regression"].loss.name, train["binary"].loss.name) == ("mse", "bce")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "train.loss=bce",
            (
                "train.loss: found bce, a binary loss; expected a regression loss: "
                "one of huber, mae, mse"
            ),
        ),
        ("train.loss=cross", "train.loss.use: found 'cross'; expected a loss: one of"),
        ("train.loss=null", "train.loss: found nothing; expected `use:` with a loss"),
        (
            "train.by_task={binary: {loss: mse}}",
            (
                "train.by_task.binary.loss: found mse, a regression loss; expected "
                "a binary loss: one of bce"
            ),
        ),
        (
            "train.by_task={regression: {loss: bce}}",
            (
                "train.by_task.regression.loss: found bce, a binary loss; expected "
                "a regression loss: one of huber, mae, mse"
            ),
        ),
        (
            "train.by_task={binary: {epochs: 0}}",
            (
                "train.by_task.binary.epochs: found 0; expected a whole number "
                "greater than 0"
            ),
        ),
        (
            "train.by_task={binary: {epoch: 1}}",
            (
                "train.by_task.binary.epoch: found the unknown key 'epoch'; "
                "expected one of"
            ),
        ),
        (
            "train.by_task={bin: {epochs: 5}}",
            (
                "train.by_task.bin: found the unknown key 'bin'; expected one of "
                "the keys regression, binary"
            ),
        ),
        (
            "train.by_task={binary: 5}",
            "train.by_task.binary: found 5; expected a mapping",
        ),
        ("train.by_task=[]", "train.by_task: found []; expected a mapping of keys"),
        (
            "train.patience=5",
            "train.patience: found 5; expected `validation` above 0 beside it",
        ),
        (
            "train.by_task={binary: {patience: 5}}",
            ("train.by_task.binary.patience: found 5; expected `validation` above 0"),
        ),
        (
            "train.schedule=plateau",
            (
                "train.schedule: found plateau; expected `validation` above 0 beside "
                "it, the share whose loss it watches"
            ),
        ),
        (
            "train.by_task={binary: {schedule: plateau}}",
            "train.by_task.binary.schedule: found plateau; expected `validation` above",
        ),
        (
            "train.validation=1",
            (
                "train.validation: found 1; expected a number not less than 0 and "
                "less than 1"
            ),
        ),
    ],
)
def test_a_mistake_is_told_once_where_it_was_made(probe, problems, setting, message):
    (line,) = problems(probe, settings=[setting])
    assert line.startswith(f"--set {setting}: {message}")


def test_patience_watches_a_validation_part(probe, load):
    train = load(probe, "train.patience=5", "train.validation=0.1").train
    assert train["binary"].patience == 5


def test_sections_that_are_null_are_as_if_not_there(probe, load):
    settings = ["train.by_task=null", "train.schedule=null", "reference=null"]
    assert load(probe, *settings) == load(probe)
