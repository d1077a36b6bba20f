import pytest

from ngn_core.errors import PluginError
from ngn_core.plugin.file import load_file
from ngn_core.plugin.manager import plugin_manager


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = 1\ndef f(:\n", "--plugin mine.py:2: SyntaxError: invalid syntax"),
        (
            "\nimport nowhere_to_be_found\n",
            "--plugin mine.py:2: ModuleNotFoundError: No module named "
            "'nowhere_to_be_found'",
        ),
        (
            "import ngn_core.api as ngn\nngn.Nothing\n",
            "--plugin mine.py:2: AttributeError: module 'ngn_core.api' has no",
        ),
        (
            "def f():\n    return 1 / 0\nf()\n",
            "--plugin mine.py:2: ZeroDivisionError: division by zero",
        ),
        ("import sys\nsys.exit(3)\n", "--plugin mine.py:2: SystemExit: 3"),
        ("", "--plugin mine.py: gives no component; expected a function such as ngn_"),
    ],
)
def test_a_file_that_fails_is_named_with_its_line_and_reason(refusal, text, reason):
    assert refusal(text).startswith(reason)


def test_a_file_that_is_not_there_or_not_python(tmp_path):
    with pytest.raises(PluginError, match=r"nowhere\.py: no such file"):
        load_file(tmp_path / "nowhere.py")
    (tmp_path / "plugin.txt").write_text("a = 1")
    with pytest.raises(PluginError, match=r"plugin\.txt: expected a Python file"):
        load_file(tmp_path / "plugin.txt")
    with pytest.raises(PluginError, match="no such file"):
        load_file(tmp_path)


def test_a_file_given_twice_is_loaded_once(write, tmp_path, monkeypatch):
    file = write()
    monkeypatch.chdir(tmp_path)
    plugins = plugin_manager([file, file.relative_to(tmp_path)], installed=False)
    assert len(plugins.get_plugins()) == 1


def test_files_of_one_name_in_two_folders_are_two(write, tmp_path, gathered):
    (tmp_path / "other").mkdir()
    first = write()
    second = write(first.read_text().replace('"scale"', '"other"'), "other/mine.py")
    assert gathered(first, second).names("gate") == ["other", "scale"]
