"""Units of MatBench's targets under the names that local copies give them."""

from __future__ import annotations

_UNITS = {
    "exfoliation_en": "meV/atom",
    "last_phdos_peak": "1/cm",
    "n": "",
    "log10_K_VRH": "log10(GPa)",
    "log10_G_VRH": "log10(GPa)",
    "e_form": "eV/atom",
    "gap_pbe": "eV",
    "is_metal": "",
}


def matbench_units(dataset: str) -> dict[str, str]:
    """Return units by column; none where the dataset is not called `matbench_...`."""
    if not dataset.startswith("matbench_"):
        return {}
    if dataset.startswith("matbench_perovskites"):
        return _UNITS | {"e_form": "eV/cell"}
    return dict(_UNITS)
