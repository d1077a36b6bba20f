from dataclasses import replace

import pytest
import torch

import ngn_core.api as ngn

LENGTH = {"of": "length", "bins": 4, "stop": 8.0}
AREA = {"of": "area", "bins": 3, "stop": 30.0}


@pytest.fixture
def edges(rows_of):
    return rows_of(length=torch.rand(5) * 8, area=torch.rand(5) * 30)


def test_parts_stand_side_by_side_under_one_linear_layer(use, edges):
    parts = use("gaussian", **LENGTH), use("gaussian", **AREA)
    length, area = (part.build(None)(edges, None).features for part in parts)
    plain = use("concat", of=parts).build(None)
    assert plain.width == 7
    assert plain.needs == {"length", "area"}
    wanted = torch.cat([length, area], dim=1)
    torch.testing.assert_close(plain(edges, None).features, wanted)
    joined = use("concat", of=parts, width=6).build(None)
    assert joined.width == 6
    wanted = joined.linear(wanted)
    torch.testing.assert_close(joined(edges, None).features, wanted)


def test_layers_follow_the_embedding_activated_to_the_last(use, edges):
    part = use("gaussian", **LENGTH)
    layers = use("mlp", of=part, layers=(6, 2), activation="relu").build(None)
    assert layers.width == 2
    assert layers.needs == {"length"}
    found, _ = layers(edges, None)
    hidden = layers.mlp.first(part.build(None)(edges, None).features).relu()
    torch.testing.assert_close(found, layers.mlp.rest[0](hidden).relu())


def test_the_last_layer_may_do_without_the_activation(use, edges):
    options = {"of": use("gaussian", **LENGTH), "layers": (6, 2), "activation": "tanh"}
    layers = use("mlp", **options, activate_last=False).build(None)
    found = layers(edges, None).features
    wanted = use("mlp", **options).build(None)
    wanted.load_state_dict(layers.state_dict())
    activated = wanted(edges, None).features
    torch.testing.assert_close(found.tanh(), activated)
    assert not torch.allclose(found, activated)


def test_layers_may_be_normalized_over_the_whole_crystals(use, edges):
    options = {"of": use("gaussian", **LENGTH), "layers": (6, 2), "activation": "tanh"}
    layers = use("mlp", **options, batch_norm=True, activate_last=False).build(None)
    counted = replace(edges, weight=torch.tensor([1.0, 3.0, 2.0, 1.0, 5.0]))
    copies = torch.repeat_interleave(torch.arange(5), counted.weight.long())
    found = layers(counted, None).features
    spread = found.index_select(0, copies)
    torch.testing.assert_close(spread.mean(0), torch.zeros(2), atol=1e-6, rtol=0)
    deviation = spread.std(0, correction=0)
    torch.testing.assert_close(deviation, torch.ones(2), atol=1e-3, rtol=0)


def test_a_basis_is_no_feature(use, edges):
    part = use("gaussian", **LENGTH)
    basis = use("basis", of=part).build(None)
    assert basis.width is None
    assert basis.basis_width == 4
    assert basis.needs == {"length"}
    found = basis(edges, None)
    assert found.features is None
    torch.testing.assert_close(found.basis, part.build(None)(edges, None).features)


def test_a_basis_cannot_be_joined_or_have_layers(use):
    basis = use("basis", of=use("gaussian", **LENGTH))
    with pytest.raises(ValueError, match="a basis has none"):
        use("concat", of=(basis,)).build(None)
    with pytest.raises(ValueError, match="all are absent"):
        use("mlp", of=basis, layers=(2,), activation="relu").build(None)


def test_parts_see_the_level_below(use, rows_of):
    class Below(ngn.Embedding):
        name = "below"

        def __init__(self, options, below):
            super().__init__(options, below)
            self.width = below.basis

        def forward(self, rows, below):
            return below

    part = ngn.Use("embedding", Below, ngn.Options())
    joined = use("concat", of=(part, part)).build(ngn.Widths(None, 3))
    assert joined.width == 6
    given = ngn.Embedded(torch.rand(2, 3), None)
    found = joined(rows_of(length=torch.rand(2)), given).features
    torch.testing.assert_close(found, given.features.repeat(1, 2))
