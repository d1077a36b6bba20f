"""Columns of sites, as a dataset finds them where nobody declares them."""

from __future__ import annotations

from collections.abc import Mapping

from ngn_core.dataset.dataset import SiteColumn

_UNITS = {
    "charge": "e",
    "forces": "eV/Å",
    "magmom": "μB",
    "oxidation_state": "e",
}
_DIRECTION = (3,)


def site_columns(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, SiteColumn]:
    """Return site columns with the units that their names are known for.

    What has three numbers a site has a direction, until a declaration says otherwise.

    Args:
        shapes: of what a site has, by column: `()` for a number.
    """
    return {
        name: SiteColumn(_UNITS.get(name, "?"), shape == _DIRECTION)
        for name, shape in shapes.items()
    }
