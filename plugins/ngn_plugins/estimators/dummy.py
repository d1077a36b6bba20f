"""The same prediction for every crystal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

import ngn_core.api as ngn


class Dummy(ngn.BaselineEstimator):
    """The mean or the median of the training targets; of binary ones the share of 1."""

    name = "dummy"

    class Options(ngn.Options):
        """Options of the constant."""

        strategy: Literal["mean", "median"] = Field(
            "mean", description="of the training targets; MatBench's dummy is the mean"
        )

    def fit(self, crystals: Sequence[ngn.Crystal], targets: np.ndarray) -> None:
        """Learn the constant."""
        is_median = self.options.strategy == "median" and self.task == "regression"
        self.constant = float(np.median(targets) if is_median else np.mean(targets))

    def predict(self, crystals: Sequence[ngn.Crystal]) -> np.ndarray:
        """Return the constant, [n]."""
        return np.full(len(crystals), self.constant)
