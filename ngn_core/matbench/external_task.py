"""Results that were not measured here, in the shape of a trial's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ngn_core.experiment.facts import DatasetFacts
from ngn_core.experiment.result import Origin, Result, Score


@dataclass(frozen=True)
class ExternalTask:
    """The table that such results go into.

    Attributes:
        dataset: its name.
        target: its name.
        unit: of the target.
        task: regression or binary.
        n_folds: how many folds there are.
        columns: scores of any value, one a metric.
    """

    dataset: str
    target: str
    unit: str
    task: str
    n_folds: int
    columns: tuple[Score, ...] = field(repr=False)

    def result(
        self,
        spec: str,
        origin: Origin,
        fold: int,
        train_size: int,
        scores: Sequence[Score],
        predictions: Sequence[tuple[str, float, float]] = (),
        facts: DatasetFacts | None = None,
    ) -> Result:
        """Return a result that nobody trained here."""
        about = {"origin": origin, "spec": spec, "target": self.target}
        content = [[score.name, score.value] for score in scores], list(predictions)
        return Result(
            digest=_sha256({**about, "fold": fold, "content": content}),
            model=_sha256(about),
            spec=spec,
            dataset=self.dataset,
            dataset_digest="",
            target=self.target,
            unit=self.unit,
            task=self.task,
            fold=fold,
            n_folds=self.n_folds,
            seed=0,
            epochs=0,
            train_size=train_size,
            scores=tuple(scores),
            cost={},
            graph={},
            state=None,
            scaling={},
            environment={},
            predictions=tuple(predictions),
            curve=(),
            origin=origin,
            facts=facts,
            validation_size=0,
        )

    def scores(self, values: Mapping[str, float]) -> tuple[Score, ...]:
        """Return the scores of some metrics, as the table has them."""
        return tuple(
            Score(one.name, one.title, values[one.name], one.unit, one.better)
            for one in self.columns
            if one.name in values
        )


def _sha256(plain: object) -> str:
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
