from typing import NamedTuple

import pytest
import torch
from torch import Tensor

import ngn_core.api as ngn
from ngn_core.network.embeddings import Embeddings


class Waves(NamedTuple):
    sine: Tensor
    cosine: Tensor


class Told(ngn.Embedding):
    """Keeps a record of what it was given."""

    name = "told"

    def __init__(self, given):
        super().__init__(ngn.Options(), None)
        self.given = given

    def forward(self, rows, below):
        self.given.append((rows, below))
        length = rows.columns["length"].unsqueeze(1)
        return ngn.Embedded(length, Waves(length.sin(), length.cos()))


class Gathered(ngn.Embedding):
    """The basis of the sender below, and nothing else."""

    name = "gathered"

    def forward(self, rows, below):
        return ngn.Embedded(None, rows.sender(below.basis).features)


def test_levels_are_embedded_from_the_lowest_up_and_see_the_one_below(random_batch):
    batch, given = random_batch(0, 3), []
    levels = {"edge": Told(given), "node": Told(given)}
    embedded, state = Embeddings(levels, None)(batch.levels, batch.crystals)
    assert [rows for rows, _ in given] == batch.levels[:2]
    assert given[0][1] is None
    assert given[1][1] is embedded[0]
    assert embedded[2] == (None, None)
    assert state is None


def test_a_basis_is_gathered_from_the_level_below_field_by_field(random_batch):
    batch = random_batch(1, 3)
    levels = {"edge": Told([]), "angle": Gathered(ngn.Options(), None)}
    embedded, _ = Embeddings(levels, None)(batch.levels, batch.crystals)
    assert embedded[0] == (None, None)
    assert embedded[2].features is None
    sender = batch.levels[2].index[0]
    wanted = batch.levels[1].columns["length"][sender].unsqueeze(1)
    assert isinstance(embedded[2].basis, Waves)
    torch.testing.assert_close(embedded[2].basis.cosine, wanted.cos())


def test_the_state_is_embedded_from_the_crystals(random_batch):
    class Atoms(ngn.Embedding):
        name = "atoms"

        def forward(self, rows, below):
            assert below is None
            return ngn.Embedded(rows.columns["atoms"].unsqueeze(1), None)

    batch = random_batch(2)
    _, state = Embeddings({}, Atoms(ngn.Options(), None))(batch.levels, batch.crystals)
    assert state.tolist() == [[6.0], [4.0]]


def test_nodes_point_at_nothing(random_batch):
    nodes = random_batch(3).levels[0]
    with pytest.raises(TypeError, match="nodes point at nothing"):
        nodes.sender(torch.zeros(5, 1))
