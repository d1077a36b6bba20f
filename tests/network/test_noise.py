import pytest
import torch

import ngn_core.api as ngn


def test_training_alone_adds_noise_of_the_deviation():
    torch.manual_seed(0)
    noise, x = ngn.Noise(0.25), torch.full((4096, 3), 2.0)
    seen = noise(x)
    assert seen.mean().item() == pytest.approx(2.0, abs=0.02)
    assert seen.std().item() == pytest.approx(0.25, rel=0.05)
    assert not torch.equal(seen, noise(x))
    assert torch.equal(noise.eval()(x), x)
