import csv
import math
import warnings
from contextlib import suppress
from importlib import resources

import pytest
import torch
from pymatgen.core import Element

from ngn_plugins.embeddings.element_properties import (
    LOGARITHMIC,
    PROPERTIES,
    known_of_elements,
)
from ngn_plugins.embeddings.periodic_table import element_properties

PYMATGEN = {
    "electronegativity": "X",
    "mass": "atomic_mass",
    "radius": "atomic_radius_calculated",
    "van_der_waals_radius": "van_der_waals_radius",
    "mendeleev_number": "mendeleev_no",
    "ionization_energy": "ionization_energy",
    "electron_affinity": "electron_affinity",
    "molar_volume": "molar_volume",
    "melting_point": "melting_point",
    "boiling_point": "boiling_point",
    "bulk_modulus": "bulk_modulus",
    "youngs_modulus": "youngs_modulus",
    "velocity_of_sound": "velocity_of_sound",
    "thermal_conductivity": "thermal_conductivity",
    "thermal_expansion": "coefficient_of_linear_thermal_expansion",
    "resistivity": "electrical_resistivity",
}


@pytest.fixture(scope="module")
def table():
    file = resources.files("ngn_plugins.embeddings") / "element_properties.csv"
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


def said_by_pymatgen(element, name):
    """Return its value of a property, None where it has none."""
    with warnings.catch_warnings(), suppress(KeyError):
        warnings.simplefilter("ignore")  # it warns of values that it lacks
        value = getattr(element, PYMATGEN[name])
        if isinstance(value, (int, float)) and math.isfinite(value):
            return float(value)
    return None


@pytest.mark.parametrize("name", PYMATGEN)
def test_the_file_says_what_pymatgen_says(table, name):
    for row in table:
        element = Element(row["symbol"])
        value = said_by_pymatgen(element, name)
        assert (value is None) == (row[name] == ""), row["symbol"]
        if value is not None:
            assert float(row[name]) == pytest.approx(value, rel=1e-5)


def test_every_property_of_the_file_is_used(table):
    assert set(PYMATGEN) == {*PROPERTIES, *LOGARITHMIC}
    assert set(table[0]) == {*PYMATGEN, "number", "symbol", *"spdf", "period", "group"}


def test_periods_and_electrons_are_those_of_the_elements(table):
    noble = {2: 1, 10: 2, 18: 3, 36: 4, 54: 5, 86: 6, 118: 7}
    for row in table:
        last = min(number for number in noble if number >= int(row["number"]))
        assert int(row["period"]) == noble[last]
        before = max((n for n in noble if n < int(row["number"])), default=0)
        assert sum(int(row[shell]) for shell in "spdf") == int(row["number"]) - before
        element = Element(row["symbol"])
        if not (element.is_lanthanoid or element.is_actinoid):
            assert int(row["group"]) == element.group


def test_unknown_values_are_the_mean_and_say_so(table):
    known = known_of_elements()
    assert known.isfinite().all()
    torch.testing.assert_close(known[:, :18], element_properties())
    known = known[:, 18:]
    place = [*PROPERTIES, *LOGARITHMIC].index("bulk_modulus")
    value, there = known[:, 2 * place], known[:, 2 * place + 1]
    assert there.tolist() == [float(row["bulk_modulus"] != "") for row in table]
    assert (value[there == 0] == 0).all()
    assert value[there == 1].mean().item() == pytest.approx(0, abs=1e-12)
    assert value[there == 1].std().item() == pytest.approx(1)


def test_elements_that_training_never_saw_differ_by_what_is_known(use, rows_of):
    embedding = use("element_properties", row=0, width=8).build(None)
    rows = rows_of(atomic_number=torch.arange(1, 119))
    found = embedding(rows, None).features
    assert found.shape == (118, 8)
    assert len(found.unique(dim=0)) == 118
