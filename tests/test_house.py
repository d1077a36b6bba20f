"""Laws of the house that no linter knows."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORE = ROOT / "ngn_core"
LARGEST = 0.15
"""Of the core's lines, that one room may have."""


def modules(*folders):
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def test_every_public_class_has_a_name_of_its_own():
    where = defaultdict(list)
    for file, module in modules("ngn_core", "plugins/ngn_plugins"):
        for statement in module.body:
            if isinstance(statement, ast.ClassDef) and statement.name[0] != "_":
                where[statement.name].append(file.relative_to(ROOT).as_posix())
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


def test_no_room_is_most_of_the_house():
    lines = defaultdict(int)
    for file, _ in modules("ngn_core"):
        room = file.relative_to(CORE).parts[0]
        lines[room] += len(file.read_text(encoding="utf-8").splitlines())
    whole = sum(lines.values())
    assert {room for room, count in lines.items() if count > LARGEST * whole} == set()


def test_modules_are_imported_by_name_where_components_are_found_alone():
    by_name = {
        file.relative_to(ROOT).as_posix()
        for file, module in modules("ngn_core", "plugins/ngn_plugins")
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        and node.module == "importlib"
        and any(alias.name == "import_module" for alias in node.names)
    }
    assert by_name == {"ngn_core/plugin/kinds.py"}
