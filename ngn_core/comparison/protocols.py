"""The protocols that there are, by name."""

from __future__ import annotations

from ngn_core.comparison.equal import EqualProtocol
from ngn_core.comparison.own import OwnProtocol
from ngn_core.comparison.tuned import TunedProtocol

PROTOCOLS: dict[str, type[OwnProtocol | EqualProtocol | TunedProtocol]] = {
    one.name: one for one in (OwnProtocol, EqualProtocol, TunedProtocol)
}
