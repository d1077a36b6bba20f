import pytest

from ngn_core.errors import SpecError
from ngn_core.spec.document import Document, Place, read_document


@pytest.mark.parametrize(
    ("content", "place", "found"),
    [
        (b"", "", "an empty file"),
        (b"# nothing but a comment\n", "", "an empty file"),
        (b"- a\n- b\n", ":1", "[a, b]"),
        (b"just text", ":1", "'just text'"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\x00", "", "a file that is not UTF-8 text"),
        (b"a: 1\nb: *x\n", ":2", "the alias *x, which specs do not know"),
        (b"a:\n\t- 1\n", ":2", "broken YAML: found character '\\t' that cannot start"),
    ],
)
def test_a_file_that_is_no_spec_is_refused_with_its_name(
    tmp_path, content, place, found
):
    file = tmp_path / "probe.yaml"
    file.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read_document(file)
    assert str(caught.value).startswith(f"{file}{place}: (file): found {found}")
    assert "expected a YAML file with the keys name, graph, network" in str(
        caught.value
    )


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_cannot_be_read_is_refused(tmp_path, name):
    with pytest.raises(SpecError, match=r"found no readable file \("):
        read_document(tmp_path / name)


def test_a_key_that_was_not_written_is_at_its_nearest_parent():
    document = Document({}, {(): Place("f", 1), ("a", "b"): Place("f", 7, ("a", "b"))})
    assert document.place(("a", "b", 0, "c")).line == 7
    assert str(document.problem(("a", "b", 0), "x", "y")).startswith(
        "f:7: a.b.0: found"
    )
    assert str(document.problem((), "x", "y")).startswith("f:1: (file): found")


def test_a_moved_part_keeps_the_keys_and_lines_that_were_written(tmp_path):
    file = tmp_path / "probe.yaml"
    file.write_text("a:\n  b:\n    c: 1\n")
    moved = read_document(file).moved(("a", "b"), ("x", "y"))
    assert moved.data == {"x": {"y": {"c": 1}}}
    assert str(moved.problem(("x", "y", "c"), "1", "2")).startswith(f"{file}:3: a.b.c:")
    assert str(moved.problem(("x", "y", "d"), "1", "2")).startswith(f"{file}:2: a.b.d:")
