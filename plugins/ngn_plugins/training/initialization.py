"""Initial weights as Keras and as DimeNet draw them."""

from __future__ import annotations

import math

import torch
from torch import nn

import ngn_core.api as ngn


class Keras(ngn.Initialization):
    """Defaults of Keras layers: Glorot uniform kernels, zero biases.

    Dense: embeddings uniform in +-0.05; recurrent kernels
    orthogonal.
    """

    name = "keras"

    @torch.no_grad()
    def draw(self, module: nn.Module) -> None:
        """Draw the weights of a linear layer, an embedding or a recurrent cell."""
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.uniform_(module.weight, -0.05, 0.05)
        elif isinstance(module, (nn.GRUCell, nn.LSTMCell)):
            for name, parameter in module.named_parameters(recurse=False):
                if name.startswith("bias"):
                    nn.init.zeros_(parameter)
                elif name.startswith("weight_hh"):
                    nn.init.orthogonal_(parameter)
                else:
                    nn.init.xavier_uniform_(parameter)


class GlorotOrthogonal(ngn.Initialization):
    """Weights of DimeNet++, Gasteiger et al. 2020 (arXiv 2011.14115).

    Linear layers: orthogonal, scaled to the variance 2 / (inputs + outputs); biases 0;
    embeddings uniform in +-sqrt(3).
    """

    name = "glorot_orthogonal"

    @torch.no_grad()
    def draw(self, module: nn.Module) -> None:
        """Draw the weights of a linear layer or an embedding."""
        if isinstance(module, nn.Linear):
            nn.init.orthogonal_(module.weight)
            weight = module.weight
            if weight.numel() > 1:
                weight *= (2 / (sum(weight.shape) * weight.var())).sqrt()
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.uniform_(module.weight, -math.sqrt(3), math.sqrt(3))
