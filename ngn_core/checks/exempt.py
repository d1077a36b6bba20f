"""Laws that a spec is exempt from, because of what it says of itself."""

from __future__ import annotations

from ngn_core.checks.equivalent_cells import EQUIVALENT_CELLS
from ngn_core.network.architecture import architecture_of
from ngn_core.spec.spec import Spec

CELL = "any cell"
ASYMMETRIC = "asymmetric = none"
ORBITS = "orbits = none"
ONCE = "one item an orbit"
SINGLES = "batch = singles"
VACUUM = "5 Å more vacuum"

QUOTIENTS = (ASYMMETRIC, ORBITS, ONCE)
"""Laws that compare what is reduced by symmetry with what is not."""


def exemptions(spec: Spec) -> dict[str, str]:
    """Return the reason for each law that the spec need not obey, by its name."""
    options = spec.graph.options
    if options.closure == "literal":
        literal = "closure: literal keeps edges that the law would change (ties, order)"
        return dict.fromkeys((*EQUIVALENT_CELLS, CELL, *QUOTIENTS), literal)
    if not options.idealize:
        raw = "idealize: false takes the crystal as it is, symmetric only nearly"
        return dict.fromkeys((CELL, *QUOTIENTS), raw)
    blocks = architecture_of(spec).network.blocks
    hooks = [block.hooks for _, block in blocks.walk()]
    directed = [one.name for one in hooks if not one.invariant]
    if directed:
        reason = f"{directed[0]} uses directions, so that symmetry: none alone is right"
        return dict.fromkeys(QUOTIENTS, reason)
    uncounted = [one.name for one in hooks if not one.counts_multiplicity]
    if uncounted:
        reason = f"{uncounted[0]} does not count multiplicities, which orbits need"
        return dict.fromkeys((ORBITS, ONCE), reason)
    return {}
