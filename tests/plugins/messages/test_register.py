from ngn_plugins import messages


def test_the_package_gives_its_message_functions_and_gates():
    functions = messages.ngn_register_message_functions()
    names = {c.name for c in functions}
    assert names >= {"cgcnn", "cogn", "cogn_line", "dense", "m3gnet", "megnet", "painn"}
    assert len(names) == len(functions)
    assert [c.name for c in messages.ngn_register_gates()] == ["gru"]
    for component in functions:
        assert component.invariant == (component.name != "painn")
        assert component.__doc__
        fields = component.Options.model_fields.values()
        assert all(field.description for field in fields)
