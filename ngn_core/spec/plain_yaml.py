"""YAML as specs use it: plain data, and numbers and booleans as in YAML 1.2.

YAML 1.1, which PyYAML reads, takes `5e-4` for text, `on` for true and `010` for eight.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

Path_ = tuple[str | int, ...]

_FITS = 70
"""Characters of a mapping that is written in one line."""

_TAG = "tag:yaml.org,2002:"
_NULL = re.compile(r"^(?:~|null|Null|NULL|)$")
_BOOL = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"^[-+]?[0-9]+$")
_FLOAT = re.compile(
    r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)


class PlainYAMLError(Exception):
    """Text that is not such YAML."""

    def __init__(self, line: int | None, found: str) -> None:
        self.line = line
        self.found = found
        super().__init__(found)


def read_yaml(text: str) -> tuple[Any, dict[Path_, int]]:
    """Return the data of a YAML text, and the line of every key path in it.

    Raises:
        PlainYAMLError: for broken YAML, tags, aliases, and a key that comes twice.
    """
    lines: dict[Path_, int] = {}
    try:
        node = yaml.compose(text, Loader=_Loader)
        return (None if node is None else _data(node, (), lines)), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise PlainYAMLError(line, f"broken YAML: {problem}") from error
    except RecursionError as error:
        raise PlainYAMLError(None, "YAML nested too deep to be read") from error


def write_yaml(data: Any) -> str:
    """Return plain data as YAML; `read_yaml` and readers of YAML 1.1 give it back."""
    return _dumped(data, width=88, default_flow_style=None)


def show(value: Any) -> str:
    """Return a value as a message shows it, in one line of no great length."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        shown = repr(value)
    else:
        try:
            shown = _dumped(value, width=10**6, default_flow_style=True)
        except (yaml.YAMLError, RecursionError):
            shown = repr(value)
        shown = shown.removesuffix("\n...\n").strip()
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _dumped(data: Any, **layout: Any) -> str:
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, **layout
    )
    return text


class _Loader(yaml.SafeLoader):
    """Makes nodes whose tags are those of YAML 1.2; refuses aliases.

    A few lines of aliases can ask for all memory.
    """

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            found = f"the alias *{event.anchor}, which specs do not know"
            raise PlainYAMLError(event.start_mark.line + 1, found)
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    """Writes text that looks like a number with quotes, and no aliases.

    Mappings of single values are written in one line where they fit.
    """

    def represent_mapping(
        self, tag: str, mapping: Any, flow_style: bool | None = None
    ) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        length = sum(len(str(part)) + 2 for pair in mapping.items() for part in pair)
        if self.default_flow_style is None and length > _FITS:
            node.flow_style = False
        return node

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _made in (_Loader, _Dumper):
    for _name, _pattern, _first in (
        ("null", _NULL, ["~", "n", "N", ""]),
        ("bool", _BOOL, list("tTfF")),
        ("int", _INT, list("-+0123456789")),
        ("float", _FLOAT, list("-+.0123456789")),
    ):
        _made.add_implicit_resolver(f"{_TAG}{_name}", _pattern, _first)


def _data(node: yaml.Node, path: Path_, lines: dict[Path_, int]) -> Any:
    if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
        items = []
        for position, item in enumerate(node.value):
            lines[*path, position] = _line(item)
            items.append(_data(item, (*path, position), lines))
        return items
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    raise PlainYAMLError(_line(node), f"the tag {node.tag}, which specs do not know")


def _mapping(
    node: yaml.MappingNode, path: Path_, lines: dict[Path_, int]
) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            raise PlainYAMLError(line, "a key that is no word")
        key = key_node.value
        if key in mapping:
            raise PlainYAMLError(line, f"the key {key!r} a second time")
        lines[*path, key] = line
        mapping[key] = _data(value_node, (*path, key), lines)
    return mapping


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    kind = node.tag.removeprefix(_TAG)
    try:
        if kind == "str":
            return text
        if kind == "int" and _INT.match(text):
            return int(text)
        if kind == "float" and _FLOAT.match(text):
            return float(re.sub(r"\.(?=[iInN])", "", text))
    except ValueError as error:
        raise PlainYAMLError(_line(node), "a number of too many digits") from error
    if kind == "null" and _NULL.match(text):
        return None
    if kind == "bool" and _BOOL.match(text):
        return text.lower() == "true"
    raise PlainYAMLError(_line(node), f"the tag {node.tag}, which specs do not know")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
