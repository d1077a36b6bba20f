"""The result of a trial, as it is stored and read again."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from ngn_core.errors import DamagedError, TrialError
from ngn_core.experiment.checksums import verify_checksums, with_checksums
from ngn_core.experiment.facts import DatasetFacts, read_facts
from ngn_core.spec.sweep import Point

FORMAT = 1
RESULT, PREDICTIONS, CURVE, SPEC, WEIGHTS = (
    "result.json",
    "predictions.csv",
    "curve.csv",
    "spec.yaml",
    "weights.pt",
)

_APART = ("predictions", "curve", "written", "facts")
"""What of a result is in files of its own."""

Origin = Literal["measured", "submission", "leaderboard"]


@dataclass(frozen=True)
class Score:
    """One metric's score on the test part.

    Attributes:
        name: of the metric.
        title: as tables print it.
        value: NaN where it is not defined.
        unit: of the value.
        better: lower or higher.
    """

    name: str
    title: str
    value: float
    unit: str
    better: str


@dataclass(frozen=True)
class Result:
    """What a trial gave, without its weights.

    Attributes:
        digest: of the trial.
        model: digest of what its folds and seeds share: spec, components, dataset.
        spec: its name.
        dataset: its name.
        dataset_digest: of its content.
        target: its name.
        unit: of the target.
        task: regression or binary.
        fold: whose test part was tested on.
        n_folds: how many there are.
        seed: of weights and order.
        epochs: trained.
        train_size: crystals trained on.
        scores: on the test part; the first one decides.
        cost: parameters, FLOPs a crystal, seconds, crystals a second, MiB.
        graph: mean number of items a crystal by level, and seconds a crystal.
        state: None, or what the global state was read from.
        scaling: of the targets.
        held_out: digest of the crystals that no trial sees, None where there are none.
        origin: a trial that was measured here, a submission's predictions, or scores
            that were published without them.
        written: the resolved spec as YAML, empty where nobody knows it.
        facts: of its dataset and test crystals, None until a comparison adds them.
        point: of the sweep that its spec is of, None outside of one.
        validation_size: crystals validated on.
        training: protocol, rows, loss, steps, learning rate and precision; empty for
            what nobody trained here.
        environment: hardware and versions.
        predictions: (id, target, prediction) of each test crystal.
        curve: a row for each epoch.
    """

    digest: str
    model: str
    spec: str
    dataset: str
    dataset_digest: str
    target: str
    unit: str
    task: str
    fold: int
    n_folds: int
    seed: int
    epochs: int
    train_size: int
    scores: tuple[Score, ...]
    cost: Mapping[str, float | None]
    graph: Mapping[str, float]
    state: Mapping[str, Any] | None
    scaling: Mapping[str, Any]
    environment: Mapping[str, Any]
    predictions: tuple[tuple[str, float, float], ...] = field(repr=False)
    curve: tuple[Mapping[str, Any], ...] = field(repr=False)
    held_out: str | None = None
    origin: Origin = "measured"
    written: str = field(default="", repr=False)
    facts: DatasetFacts | None = field(default=None, repr=False)
    point: Point | None = None
    validation_size: int = 0
    training: Mapping[str, Any] = field(default_factory=dict)


def write_result(result: Result, folder: Path) -> None:
    """Write a result's files into a folder; `result.json` last."""
    with (folder / PREDICTIONS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "target", "prediction"])
        writer.writerows(result.predictions)
    with (folder / CURVE).open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(
            file, list(result.curve[0]) if result.curve else ["epoch"]
        )
        rows.writeheader()
        rows.writerows(result.curve)
    (folder / SPEC).write_text(result.written, encoding="utf-8")
    plain = asdict(replace(result, facts=None))
    for apart in _APART:
        del plain[apart]
    text = with_checksums(
        {"format": FORMAT, **plain}, folder, (PREDICTIONS, CURVE, SPEC)
    )
    (folder / RESULT).write_text(text + "\n", encoding="utf-8")


def read_result(folder: Path) -> Result:
    """Read a stored result, with the facts beside it.

    Raises:
        DamagedError: where it is not whole, or not what was written.
        TrialError: where it cannot be read, or its facts are damaged.
    """
    return replace(read_bare(folder), facts=read_facts(folder))


def read_bare(folder: Path) -> Result:
    """Read a stored result without the facts.

    Raises:
        DamagedError: where it is not whole, or not what was written.
        TrialError: where it cannot be read, or is of another version.
    """
    try:
        text = (folder / RESULT).read_text(encoding="utf-8")
        found = json.loads(text)["format"]
        if found == FORMAT:
            return _result(verify_checksums(text, folder), folder)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise _damaged(folder, error) from error
    except OSError as error:
        raise TrialError(f"{folder}: cannot be read: {error}") from error
    except (ValueError, TypeError, KeyError, RecursionError, csv.Error) as error:
        raise _damaged(folder, error) from error
    raise TrialError(
        f"{folder}: a result of format {found!r}; expected {FORMAT}, as this version "
        "of ngn writes it"
    )


def _result(plain: dict[str, Any], folder: Path) -> Result:
    """Return the result of checked values and the files beside them.

    Raises:
        Exception: of the kinds that `read_bare` knows, where something is wrong.
    """
    del plain["format"]
    _form().model_validate_json(json.dumps(plain))
    with (folder / PREDICTIONS).open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    with (folder / CURVE).open(newline="", encoding="utf-8") as file:
        curve = tuple(
            {key: float(value) if value else None for key, value in row.items()}
            for row in csv.DictReader(file)
        )
    predictions = tuple((name, float(a), float(b)) for name, a, b in rows)
    scores = tuple(Score(**score) for score in plain.pop("scores"))
    point = plain.pop("point")
    return Result(
        **plain,
        scores=scores,
        predictions=predictions,
        curve=curve,
        written=(folder / SPEC).read_text(encoding="utf-8"),
        point=None if point is None else Point(**point),
    )


@cache
def _form() -> type[BaseModel]:
    """Return what `result.json` may say: the fields of a result, of their types."""
    types = get_type_hints(Result)
    kept = [one.name for one in fields(Result) if one.name not in _APART]
    form: dict[str, Any] = {name: (types[name], ...) for name in kept}
    strict = ConfigDict(extra="forbid", strict=True)
    return create_model("StoredResult", __config__=strict, **form)


def _damaged(folder: Path, error: Exception) -> DamagedError:
    reason = str(error).strip()
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return DamagedError(
        f"{folder}: not a whole result ({type(error).__name__}: {reason}); expected "
        f"{RESULT}, {PREDICTIONS}, {CURVE} and {SPEC} of a finished trial; the same "
        "ngn-compare computes it again"
    )
