"""The best weights outlive an interruption, wherever the training goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ngn_core.spec.load import override_spec


@pytest.mark.parametrize("average", ["null", "0.9"])
def test_the_best_weights_go_along_to_another_folder(
    train, small_spec, data, registry, tmp_path, average
):
    # so large a rate that the validation loss is the least early on, then rises
    changes = ["train.epochs=4", "train.optimizer.lr=0.5", f"train.average={average}"]
    spec = override_spec(small_spec, registry, changes, "here")
    parts = replace(data, train=data.train[6:], validation=data.train[:6])
    whole = train("whole", spec=spec, data=parts)
    rows = [row["validation_loss"] for row in whole.curve]
    best = rows.index(min(rows)) + 1
    assert best < 3, rows

    def interrupt(done):
        if done == best + 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train("broken", spec=spec, data=parts, on_epoch=interrupt)
    (tmp_path / "broken").rename(tmp_path / "moved")
    resumed = train("moved", spec=spec, data=parts)
    assert torch.equal(whole.predictions, resumed.predictions)
