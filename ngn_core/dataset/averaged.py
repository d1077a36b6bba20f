"""Crystals with disordered sites that a dataset keeps."""

from __future__ import annotations

from ngn_core.dataset.crystal_set import CrystalSet

_LISTED = 20


def averaged_remarks(crystals: CrystalSet) -> list[str]:
    """Return a sentence that names the disordered crystals, where there are any."""
    found = [
        name
        for name, crystal in zip(crystals.ids, crystals.crystals, strict=True)
        if crystal.disorder() is not None
    ]
    if not found:
        return []
    listed = ", ".join(found[:_LISTED])
    if len(found) > _LISTED:
        listed += f" and {len(found) - _LISTED} more"
    counted = "1 crystal has" if len(found) == 1 else f"{len(found)} crystals have"
    return [
        f"{counted} disordered sites, averaged over what may be there "
        f"(--on-disorder average): {listed}"
    ]
