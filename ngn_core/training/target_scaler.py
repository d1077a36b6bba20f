"""Targets as the network sees them, fitted on the training part alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from ngn_core.dataset.composition import formula_sizes
from ngn_core.dataset.dataset import Per, Target, Transform
from ngn_core.training.composition_model import CompositionModel
from ngn_core.training.transform import TRANSFORMS

Task = Literal["regression", "binary"]

_NOTHING = 1e-14
"""Share of the largest value below which a deviation is the rounding of numbers."""


@dataclass(frozen=True)
class TargetScaler:
    """What is trained on: standardized regression targets, logits of binary ones.

    In this order a value loses what it owes to the size of its formula unit (or, where
    it is transformed, of its cell), the reference of its composition, and the scale
    of its transform; then it is standardized. Values per `cell` that are not
    transformed are read out as sums: they are standardized by the mean per atom times
    the atoms of the cell as given, so that the rest is a sum over atoms too.

    Attributes:
        task: regression or binary.
        mean: of the training part, in the transformed unit; per atom where `per` is
            `cell` and nothing is transformed.
        std: of what the mean leaves; 1 where it leaves nothing.
        per: what the values are counted by.
        transform: of the values without their reference.
        reference: of the composition; None where there is none.
        positive: the value of the column that counts as 1, where one is declared.
    """

    task: Task
    mean: float = 0.0
    std: float = 1.0
    per: Per | None = None
    transform: Transform = "none"
    reference: CompositionModel | None = None
    positive: str | float | bool | None = None

    @classmethod
    def fit(
        cls,
        task: Task,
        targets: Tensor,
        declared: Target | None = None,
        counts: Tensor | None = None,
    ) -> TargetScaler:
        """Return the scaling of the training part.

        Args:
            task: regression or binary.
            targets: [n], in the target's unit.
            declared: what is said of the target; None: nothing.
            counts: [n, elements], atoms of the given cells, where `needs_counts`.
        """
        declared = declared or Target()
        if task == "binary":
            return cls(task, positive=declared.positive)
        blank = cls(task, per=declared.per, transform=declared.transform)
        values = targets.double() / blank._divisor(counts)
        least = _NOTHING * values.abs().max().item()
        reference = None
        if declared.reference == "composition":
            reference = CompositionModel.fit(values, blank._weights(counts))
            values = values - reference.of(blank._weights(counts))
        values = TRANSFORMS[declared.transform].forward(values)
        mean, std = _moments(values, blank._atoms(counts))
        std = std if std > least else 1.0
        return cls(task, mean, std, declared.per, declared.transform, reference)

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> TargetScaler:
        """Return a scaling from plain data."""
        reference = plain.get("reference")
        return cls(
            **{
                **plain,
                "reference": CompositionModel(**reference) if reference else None,
            }
        )

    def plain(self) -> dict[str, Any]:
        """Return the scaling as plain data."""
        return asdict(self)

    def prediction_unit(self, unit: str) -> str:
        """Return what predictions are in, for a target in `unit`."""
        if self.task == "regression":
            return unit
        of = "" if self.positive is None else f" of {self.positive}"
        return f"probability{of}"

    def scaled(self, targets: Tensor, counts: Tensor | None = None) -> Tensor:
        """Return targets as the loss sees them, [n].

        Args:
            targets: [n], in the target's unit.
            counts: [n, elements], atoms of the given cells, where `needs_counts`.
        """
        values = targets / self._divisor(counts)
        if self.reference is not None:
            values = values - self.reference.of(self._weights(counts))
        values = TRANSFORMS[self.transform].forward(values)
        return (values - self.mean * self._atoms(counts)) / self.std

    def predictions(self, outputs: Tensor, counts: Tensor | None = None) -> Tensor:
        """Return outputs as predictions: in the target's unit, or as probabilities.

        Args:
            outputs: [n], of the network.
            counts: [n, elements], atoms of the given cells, where `needs_counts`.
        """
        if self.task == "binary":
            return outputs.sigmoid()
        values = outputs * self.std + self.mean * self._atoms(counts)
        values = TRANSFORMS[self.transform].inverse(values)
        if self.reference is not None:
            values = values + self.reference.of(self._weights(counts))
        return values * self._divisor(counts)

    def _divisor(self, counts: Tensor | None) -> Tensor | float:
        """Return what turns values into values by atom before anything else, [n]."""
        if self.per == "formula_unit":
            return torch.from_numpy(formula_sizes(_given(counts).numpy()))
        if self.per == "cell" and self.transform != "none":
            return _given(counts).sum(dim=1)
        return 1.0

    def _atoms(self, counts: Tensor | None) -> Tensor | float:
        """Return how many atoms each value is the sum of, [n]."""
        if self.per == "cell" and self.transform == "none":
            return _given(counts).sum(dim=1)
        return 1.0

    def _weights(self, counts: Tensor | None) -> Tensor:
        """Return what the reference is linear in, [n, elements]."""
        given = _given(counts)
        if self.per == "cell" and self.transform == "none":
            return given
        return given / given.sum(dim=1, keepdim=True)


def needs_counts(task: Task, declared: Target) -> bool:
    """Return whether the atoms of the given cells are needed to scale a target."""
    return task == "regression" and (
        declared.per in ("cell", "formula_unit") or declared.reference != "none"
    )


def _given(counts: Tensor | None) -> Tensor:
    assert counts is not None
    return counts


def _moments(values: Tensor, atoms: Tensor | float) -> tuple[float, float]:
    """Return the mean, per atom, and the standard deviation from mean times atoms."""
    if isinstance(atoms, float):
        mean = values.mean().item()
        std = values.std(correction=0).item()
    else:
        mean = (values / atoms).mean().item()
        std = (values - mean * atoms).square().mean().sqrt().item()
    return mean, std
