"""Laws that a spec is exempt from, because of what it says of itself."""

from __future__ import annotations

from ngn_core.checks.equivalent_cells import EQUIVALENT_CELLS
from ngn_core.network.block import Block
from ngn_core.network.network import Network
from ngn_core.spec.spec import Spec

CELL = "any cell"
ASYMMETRIC = "asymmetric = none"
ORBITS = "orbits = none"
ONCE = "one item an orbit"
SINGLES = "batch = singles"
VACUUM = "5 Å more vacuum"

QUOTIENTS = (ASYMMETRIC, ORBITS, ONCE)
"""Laws that compare what is reduced by symmetry with what is not."""


def exemptions(spec: Spec, network: Network) -> dict[str, str]:
    """Return the reason for each law that the spec need not obey, by its name."""
    options = spec.graph.options
    if options.closure == "literal":
        literal = "closure: literal keeps edges that the law would change (ties, order)"
        return dict.fromkeys((*EQUIVALENT_CELLS, CELL, *QUOTIENTS), literal)
    if not options.idealize:
        raw = "idealize: false takes the crystal as it is, symmetric only nearly"
        return dict.fromkeys((CELL, *QUOTIENTS), raw)
    directed = [
        block.hooks.name
        for block in network.modules()
        if isinstance(block, Block) and not block.hooks.invariant
    ]
    if directed:
        reason = f"{directed[0]} uses directions, so that symmetry: none alone is right"
        return dict.fromkeys(QUOTIENTS, reason)
    uncounted = [
        block.hooks.name
        for block in network.modules()
        if isinstance(block, Block) and not block.hooks.counts_multiplicity
    ]
    if uncounted:
        reason = f"{uncounted[0]} does not count multiplicities, which orbits need"
        return dict.fromkeys((ORBITS, ONCE), reason)
    return {}
