"""Measured rates: kept, and read again instead of measured."""

from __future__ import annotations

import pytest

from ngn_core.comparison import throughput_cache as rates
from ngn_core.comparison.throughput_cache import training_rate
from ngn_core.errors import TrialError
from ngn_core.experiment.run_context import Run
from ngn_core.experiment.store import Store


def test_a_rate_is_measured_once_and_planned_with_ever_after(
    small_spec, prepared, registry, silent, tmp_path, monkeypatch
):
    run = Run(registry, Store(tmp_path), silent)
    first = training_rate(small_spec, prepared, run)
    assert first > 0
    monkeypatch.setattr(rates, "measure_in_turn", None)
    again = training_rate(small_spec, prepared, run)
    # the epochs that a plan gives are no part of what was measured
    longer = small_spec.with_epochs(99)
    assert again == first
    assert training_rate(longer, prepared, run) == first
    [file] = (tmp_path / "rates").iterdir()
    file.write_text("{}")
    with pytest.raises(TrialError, match="not a measured rate"):
        training_rate(small_spec, prepared, run)
