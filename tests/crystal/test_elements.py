import pytest
from pymatgen.core import Element

from ngn_core.crystal.elements import SYMBOLS, number_of, symbol_of
from ngn_core.errors import StructureError


def test_the_table_is_the_periodic_table():
    # an independent table, pymatgen's, has the same symbols in the same order
    assert [Element.from_Z(z).symbol for z in range(1, 119)] == list(SYMBOLS)
    assert all(number_of(symbol_of(z)) == z for z in range(1, 119))


@pytest.mark.parametrize("symbol", ["X", "na", ""])
def test_what_is_no_element_is_refused_by_name(symbol):
    with pytest.raises(StructureError, match=f"no element '{symbol}'"):
        number_of(symbol)


@pytest.mark.parametrize("isotope", ["D", "T"])
def test_isotopes_of_hydrogen_are_hydrogen(isotope):
    assert number_of(isotope) == Element(isotope).Z == 1
