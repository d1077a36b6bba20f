"""Graphs before training."""

from __future__ import annotations

import pytest
import torch

from ngn_core.errors import DatasetError
from ngn_core.experiment.prepare import prepare


def test_a_cache_that_cannot_be_written_is_done_without(
    small_spec, alloys, registry, prepared, reporter, tmp_path
):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    found = prepare([small_spec], alloys, registry, blocked, "error", reporter)
    said = [values[0] for name, values in reporter.told if name == "note"]
    assert "going on without the cache" in said[0]
    one, two = (p.graphs["CGCNN"].levels[1].index for p in (found, prepared))
    assert torch.equal(one, two)


def test_a_crystal_that_fails_for_one_spec_is_left_out_for_all(
    small_spec, alloys, registry, reporter
):
    from dataclasses import replace

    crystals = list(alloys.crystals)
    crystals[4] = replace(crystals[4], lattice=crystals[4].lattice * 0.01)
    odd = replace(alloys, crystals=tuple(crystals))
    with pytest.raises(DatasetError, match=alloys.ids[4]):
        prepare([small_spec], odd, registry, None, "error", reporter)
    found = prepare([small_spec], odd, registry, None, "skip", reporter)
    assert len(found.crystals) == 39
    assert len(found.graphs["CGCNN"]) == 39
    assert [row.id for row in found.crystals.skipped] == [alloys.ids[4]]
