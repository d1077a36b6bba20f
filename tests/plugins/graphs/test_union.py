import numpy as np

import ngn_core.api as ngn
from ngn_core.crystal.reading import from_arrays
from ngn_plugins.graphs import KNN, JarvisKNN, Radius
from ngn_plugins.graphs.union import Union


def use(component, **options):
    return ngn.Use("graph constructor", component, component.Options(**options))


def test_an_edge_of_several_parts_is_there_once(random_crystal, rows):
    crystal = random_crystal(6, 4)
    parts = use(KNN, neighbors=6), use(Radius, cutoff=4.5)
    found = rows(Union(Union.Options(of=parts)).edges(crystal))
    each = [set(rows(part.build().edges(crystal))) for part in parts]
    assert each[0] - each[1]
    assert each[1] - each[0]
    assert len(found) == len(set(found))
    assert set(found) == each[0] | each[1]


def test_a_part_to_the_letter_makes_the_union_one():
    literal = use(JarvisKNN, neighbors=6)
    assert Union(Union.Options(of=(literal,))).literal
    assert not Union(Union.Options(of=(use(KNN, neighbors=6),))).literal


def test_both_ways_adds_what_is_missing_and_nothing_else(random_crystal, rows):
    crystal = random_crystal(3, 4)
    there = set(rows(KNN(KNN.Options(neighbors=5)).edges(crystal)))
    back = {(r, s, tuple(-n for n in shift)) for s, r, shift in there}
    assert back - there
    both = rows(KNN(KNN.Options(neighbors=5, both_ways=True)).edges(crystal))
    assert len(both) == len(set(both))
    assert set(both) == there | back
    assert both == sorted(both, key=lambda row: row[1])


def test_both_ways_changes_nothing_where_all_are_mutual(rows):
    crystal = from_arrays(np.eye(3) * 3.0, ["Po"], [[0, 0, 0]])
    one, both = (
        rows(KNN(KNN.Options(neighbors=6, both_ways=way)).edges(crystal))
        for way in (False, True)
    )
    assert sorted(one) == sorted(both)
