from ngn_plugins import graphs


def test_the_package_gives_its_constructors():
    constructors = graphs.ngn_register_graph_constructors()
    names = [c.name for c in constructors]
    assert {"radius", "knn", "voronoi", "own_images", "union"} <= set(names)
    assert len(names) == len(set(names))
    for constructor in constructors:
        fields = constructor.Options.model_fields.values()
        assert all(field.description for field in fields)
