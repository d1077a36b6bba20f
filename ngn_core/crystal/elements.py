"""The chemical elements: symbols and atomic numbers."""

from __future__ import annotations

from ngn_core.errors import StructureError

_BY_NUMBER = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn
Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La
Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po
At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg
Cn Nh Fl Mc Lv Ts Og
"""
SYMBOLS = tuple(_BY_NUMBER.split())
"""Element symbols; the atomic number is the position plus one."""

_NUMBERS = {symbol: number for number, symbol in enumerate(SYMBOLS, start=1)}
_NUMBERS |= {"D": 1, "T": 1}  # isotopes of hydrogen, as neutron diffraction names them


def symbol_of(number: int) -> str:
    """Return the symbol of an atomic number, `Z=n` where there is no such element."""
    return SYMBOLS[number - 1] if 1 <= number <= len(SYMBOLS) else f"Z={number}"


def number_of(symbol: str) -> int:
    """Return the atomic number of an element symbol.

    Raises:
        StructureError: where no element has this symbol.
    """
    if symbol not in _NUMBERS:
        raise StructureError(
            f"there is no element {symbol!r}; a species is one of H, He, ..., Og"
        )
    return _NUMBERS[symbol]
