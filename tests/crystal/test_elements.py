import pytest
from ngn_core.crystal.elements import SYMBOLS, number_of, symbol_of
from ngn_core.errors import StructureError
from pymatgen.core import Element


def test_the_table_is_the_periodic_table():
    # an independent table, pymatgen's, has the same symbols in the same order
    assert [Element.from_Z(z).symbol for z in range(1, 119)] == list(SYMBOLS)
    assert all(number_of(symbol_of(z)) == z for z in range(1, 119))


@pytest.mark.parametrize("symbol", ["D", "X", "na", ""])
def test_what_is_no_element_is_refused_by_name(symbol):
    with pytest.raises(StructureError, match=f"no element '{symbol}'"):
        number_of(symbol)
