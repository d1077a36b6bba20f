"""Message functions: the hooks of published architectures, one architecture a file."""

import ngn_core.api as ngn
from ngn_plugins.messages.cgcnn import CGCNN
from ngn_plugins.messages.cogn import CoGN, CoGNLine
from ngn_plugins.messages.gru import GRU
from ngn_plugins.messages.megnet import MEGNet
from ngn_plugins.messages.schnet import SchNet


@ngn.hookimpl
def ngn_register_message_functions() -> list[type]:
    """Return the message functions of this folder."""
    return [CGCNN, CoGN, CoGNLine, MEGNet, SchNet]


@ngn.hookimpl
def ngn_register_gates() -> list[type]:
    """Return the gates of this folder."""
    return [GRU]
