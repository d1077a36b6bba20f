"""Random levels, with repeats, self-loops and items that nothing reaches."""

import pytest
import torch
from hypothesis import settings

from ngn_core.network.batch import Batch
from ngn_core.network.level_batch import LevelBatch

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SIZES = {"node": (3, 2), "edge": (8, 6), "angle": (9, 7), "torsion": (8, 9)}


@pytest.fixture(autouse=True)
def _double():
    """Everything in float64."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture
def random_batch():
    """A function that makes two crystals of random incidence, columns and weights."""

    def make(seed, depth=2, *, weighted=True):
        torch.manual_seed(seed)
        levels = []
        for name in list(SIZES)[:depth]:
            sizes = torch.tensor(SIZES[name])
            crystal = torch.repeat_interleave(torch.arange(2), sizes)
            count = len(crystal)
            multiplicity = torch.ones(count)
            if weighted:
                multiplicity = torch.randint(1, 4, (count,)).double()
            index, weight = None, multiplicity
            if levels:
                below = torch.bincount(levels[-1].crystal)
                start = below.cumsum(0) - below
                ends = (torch.rand(2, count) * below[crystal]).long() + start[crystal]
                index = ends[:, ends[1].argsort(stable=True)]
                weight = multiplicity * levels[-1].weight[index[1]]
            columns = {
                "atomic_number": torch.randint(1, 119, (count,)),
                "length": torch.rand(count) * 3 + 0.5,
                "area": torch.rand(count) * 10,
                "angle": torch.rand(count) * torch.pi,
                "vector": torch.randn(count, 3),
            }
            rows = LevelBatch(columns, index, multiplicity, weight, crystal, 2)
            levels.append(rows)
        ones = torch.ones(2)
        atoms = {"atoms": torch.tensor([6.0, 4.0])}
        return Batch(levels, LevelBatch(atoms, None, ones, ones, torch.arange(2), 2))

    return make
