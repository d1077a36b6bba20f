import ngn_core.api as ngn
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
