from ngn_plugins import graphs


def test_the_package_gives_its_three_constructors():
    constructors = graphs.ngn_register_graph_constructors()
    assert [c.name for c in constructors] == ["radius", "knn", "voronoi"]
    for constructor in constructors:
        fields = constructor.Options.model_fields.values()
        assert all(field.description for field in fields)
