"""Which columns of the sites come with CIF texts."""

from __future__ import annotations

from collections.abc import Iterable

import ngn_core.api as ngn

_OXIDATION = "_atom_type_oxidation_number"


def cif_sites(texts: Iterable[str]) -> dict[str, ngn.SiteColumn]:
    """Return the site columns of CIF texts: oxidation states, where one has them."""
    if any(_OXIDATION in text.lower() for text in texts):
        return ngn.site_columns({"oxidation_state": ()})
    return {}
