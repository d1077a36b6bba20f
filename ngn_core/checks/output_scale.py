"""How much outputs differ from crystal to crystal: the unit of all deviations."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def measure_output_scale(outputs: Mapping[str, float]) -> float:
    """Return the standard deviation over the crystals; 0 for fewer than two."""
    if len(outputs) < 2:
        return 0.0
    with np.errstate(invalid="ignore"):
        return float(np.std(list(outputs.values()), ddof=1))
