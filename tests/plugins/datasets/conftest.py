"""Structure texts and the shared data folders."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data"

CIF = """data_NaCl
_cell_length_a 4.0
_cell_length_b 4.0
_cell_length_c 4.0
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Na1 Na 0.0 0.0 0.0 {occupancy}
Cl1 {second} 0.5 0.5 0.5 1.0
"""

POSCAR = """salt
4.0
1 0 0
0 1 0
0 0 1
Na Cl
1 1
Direct
0 0 0
0.5 0.5 0.5
"""


@pytest.fixture(scope="session")
def cif() -> str:
    """Return the CIF text of two atoms in a cube of 4 Å."""
    return CIF.format(occupancy="1.0", second="Cl")


@pytest.fixture(scope="session")
def odd_cifs() -> dict[str, str]:
    """Return CIF texts that no network can be trained on."""
    return {
        "broken": "data_x\n_cell_length_a 4.0\nno atoms here",
        "partly": CIF.format(occupancy="0.5", second="Cl"),
        "unknown": CIF.format(occupancy="1.0", second="Xx"),
    }


@pytest.fixture(scope="session")
def poscar() -> str:
    """Return the POSCAR text of the same crystal."""
    return POSCAR


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with real data; skips where it is not beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"no real data at {SHARED}")
    return SHARED
