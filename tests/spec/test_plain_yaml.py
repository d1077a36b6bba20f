import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ngn_core.spec.plain_yaml import PlainYAMLError, read_yaml, show, write_yaml

# not NEL and its like, which PyYAML writes as they are and reads as spaces
WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]) | st.just("\n")
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | WORDS
    | st.sampled_from(["1e5", "5e-4", "0o7", "010", "on", "~", "1_0", "1:30", ".5"]),
    lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner),
    max_leaves=8,
)


@given(PLAIN)
def test_what_is_written_is_read_again_here_and_by_readers_of_yaml_1_1(data):
    text = write_yaml(data)
    assert read_yaml(text)[0] == data
    assert yaml.safe_load(text) == data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5e-4", 5e-4),
        ("1E3", 1000.0),
        ("-.5", -0.5),
        ("3.", 3.0),
        ("+3", 3),
        ("010", 10),
        ("-.inf", float("-inf")),
        ("true", True),
        ("on", "on"),
        ("no", "no"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("1:30", "1:30"),
        ("2020-01-01", "2020-01-01"),
        ("'5'", "5"),
        ("~", None),
        ("", None),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text, value):
    found, _ = read_yaml(text)
    assert found == value
    assert type(found) is type(value)


def test_on_is_a_key():
    assert read_yaml("on: edges\nno: 1")[0] == {"on": "edges", "no": 1}


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a: 1\nb: !!python/name:os.system x", 2, "the tag tag:yaml.org,2002:python"),
        (
            "a: !!python/object/apply:os.system ['true']",
            1,
            "the tag tag:yaml.org,2002:p",
        ),
        ("a: !!set {x}", 1, "the tag tag:yaml.org,2002:set"),
        ("a: !!int abc", 1, "the tag tag:yaml.org,2002:int"),
        ("a: !mine 5", 1, "the tag !mine"),
        ("a: &x [1]\nb:\n  c: *x", 3, "the alias *x"),
        ("a: 1\nb: 2\na: 3", 3, "the key 'a' a second time"),
        ("a: {b: 1,\n    b: 2}", 2, "the key 'b' a second time"),
        ("[1, 2]: 3", 1, "a key that is no word"),
        ("a: 1\nb: [", 2, "broken YAML"),
        ("a: b: c", 1, "broken YAML: mapping values are not allowed here"),
        ("a: \x00", None, "broken YAML"),
        ("---\na: 1\n---\nb: 2", 3, "broken YAML"),
        ("a: " + "9" * 5000, 1, "a number of too many digits"),
        ("[" * 5000, None, "nested too deep"),
    ],
)
def test_what_is_no_plain_data_is_refused_with_its_line(text, line, found):
    with pytest.raises(PlainYAMLError) as caught:
        read_yaml(text)
    assert caught.value.line == line
    assert found in caught.value.found


def test_every_key_and_item_has_its_line():
    _, lines = read_yaml("a:\n  b: 1\n  c:\n  - {d: 2}\n  - 3\n")
    assert lines == {
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 3,
        ("a", "c", 0): 4,
        ("a", "c", 0, "d"): 4,
        ("a", "c", 1): 5,
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("5", "'5'"),
        (5, "5"),
        (True, "true"),
        ([1, 2.5], "[1, 2.5]"),
        ({"use": "mlp", "layers": [1]}, "{use: mlp, layers: [1]}"),
        (object, "<class 'object'>"),
        ("x" * 100, "'" + "x" * 56 + "..."),
        ("two\nlines", "'two\\nlines'"),
    ],
)
def test_messages_show_values_in_one_short_line(value, text):
    assert show(value) == text


def test_the_same_list_twice_is_written_twice():
    twice = [1, [2]]
    assert read_yaml(write_yaml({"a": twice, "b": twice}))[0] == {
        "a": twice,
        "b": twice,
    }
