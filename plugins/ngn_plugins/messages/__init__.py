"""Message functions: the hooks of published architectures, one architecture a file."""

import ngn_core.api as ngn
from ngn_plugins.messages.alignn import ALIGNN
from ngn_plugins.messages.cgcnn import CGCNN
from ngn_plugins.messages.cogn import CoGN, CoGNLine
from ngn_plugins.messages.dense import Dense
from ngn_plugins.messages.dimenetpp import (
    DimeNetPP,
    DimeNetPPEmbedding,
    DimeNetPPTriplet,
)
from ngn_plugins.messages.gru import GRU
from ngn_plugins.messages.m3gnet import M3GNet, M3GNetThreeBody
from ngn_plugins.messages.matformer import Matformer
from ngn_plugins.messages.megnet import MEGNet
from ngn_plugins.messages.painn import PaiNN
from ngn_plugins.messages.pyg import PyG
from ngn_plugins.messages.schnet import SchNet


@ngn.hookimpl
def ngn_register_message_functions() -> list[type]:
    """Return the message functions of this folder."""
    return [
        ALIGNN,
        CGCNN,
        CoGN,
        CoGNLine,
        Dense,
        DimeNetPP,
        DimeNetPPEmbedding,
        DimeNetPPTriplet,
        M3GNet,
        M3GNetThreeBody,
        MEGNet,
        Matformer,
        PyG,
        PaiNN,
        SchNet,
    ]


@ngn.hookimpl
def ngn_register_gates() -> list[type]:
    """Return the gates of this folder."""
    return [GRU]
