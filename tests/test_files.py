"""A file is whole, or as it was."""

from __future__ import annotations

import pytest

from ngn_core.files import atomic_write


def test_a_file_has_its_name_only_when_it_is_written(tmp_path):
    file = tmp_path / "a.txt"
    with atomic_write(file) as partial:
        partial.write_text("new")
        assert not file.exists()
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_is_not_written_leaves_nothing_and_what_was_there(tmp_path, error):
    file = tmp_path / "a.txt"
    file.write_text("old")
    with pytest.raises(error), atomic_write(file) as partial:  # noqa: PT012
        partial.write_text("half")
        raise error
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_two_writers_at_once_do_not_meet(tmp_path):
    file = tmp_path / "a.txt"
    with atomic_write(file) as first:
        first.write_text("first")
        with atomic_write(file) as second:
            second.write_text("second")
        assert file.read_text() == "second"
    assert file.read_text() == "first"
