"""What is said of a dataset: `dataset.yaml` beside it, and the command line over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ngn_core.dataset.dataset import Per, Transform
from ngn_core.errors import DatasetError, Problem, SpecError
from ngn_core.plugin.options import Options
from ngn_core.spec.document import Document, Place, read_document, subpaths
from ngn_core.spec.plain_yaml import PlainYAMLError, read_yaml, show

FILE = "dataset.yaml"

KEYS = ("targets", "where", "group", "sites")
"""What a declaration may say, each under its key."""


class TargetOptions(Options):
    """What is said of a target."""

    column: str | None = Field(
        None, description="column that holds it; none: the one of its name"
    )
    unit: str = Field("?", description="as printed beside every number")
    per: Per | None = Field(
        None,
        description="what the values are counted by: cell, for values that grow with "
        "the cell as given; none, for what is of the material",
    )
    task: Literal["regression", "binary"] | None = Field(
        None, description="none: as the values say"
    )
    positive: str | bool | int | float | None = Field(
        None, description="value of the column that counts as 1, all others as 0"
    )
    transform: Transform = Field(
        "none", description="what is trained on in place of the values"
    )
    reference: Literal["none", "composition"] = Field(
        "none",
        description="composition: what is linear in the composition of the training "
        "part is taken off before training",
    )
    fold: str | None = Field(
        None, description="column with the number of the fold that tests a row"
    )


class SiteOptions(Options):
    """What is said of a column of the sites."""

    unit: str = Field("?", description="as messages show it")
    directional: bool = Field(
        False, description="whether its numbers turn with the crystal, as a vector's"
    )


@dataclass(frozen=True)
class DeclarationFlags:
    """What the command line says over the file, each as it was written.

    Attributes:
        declaration: a file that stands in for the one beside the data.
        where: conditions on rows, `COLUMN=VALUE` each.
        all_rows: whether rows that the dataset leaves out by itself are taken, too.
    """

    declaration: Path | None = None
    unit: str | None = None
    per: str | None = None
    task: str | None = None
    positive: str | None = None
    transform: str | None = None
    reference: str | None = None
    where: tuple[str, ...] = ()
    group: str | None = None
    all_rows: bool = False

    def of_targets(self) -> Iterator[tuple[str, str]]:
        """Yield key and value of what is said of a target."""
        for key in ("unit", "per", "task", "positive", "transform", "reference"):
            value = getattr(self, key)
            if value is not None:
                yield key, value


def read_declaration(source: str | None, flags: DeclarationFlags) -> Document:
    """Return the declaration of a dataset: the file that is named, or is beside it.

    Args:
        source: what `--dataset` names; None for a table from memory.
        flags: may name another file.

    Raises:
        DatasetError: where the file is not there, or no YAML.
    """
    file = flags.declaration or _beside(source)
    if file is None:
        return Document({}, {(): Place("(command line)", None)})
    try:
        return read_document(file, f"a YAML file with the keys {', '.join(KEYS)}")
    except SpecError as error:
        raise DatasetError(str(error)) from error


def _beside(source: str | None) -> Path | None:
    if source is None:
        return None
    path = Path(source).expanduser()
    if not path.exists():
        return None  # a name, which has no folder
    file = (path if path.is_dir() else path.parent) / FILE
    return file if file.is_file() else None


def laid_over(
    document: Document, flags: DeclarationFlags, targets: Sequence[str]
) -> Document:
    """Return the declaration with what the command line says of `targets` over it.

    Flags that cannot be read become problems of the document.
    """
    data, places = deepcopy(document.data), dict(document.places)
    problems: list[Problem] = []

    def write(path: tuple[str, ...], value: Any, flag: str) -> None:
        inside = data
        for depth, key in enumerate(path[:-1], start=1):
            if inside.get(key) is None:
                inside[key] = {}
            inside = inside[key]
            if not isinstance(inside, dict):
                return  # a mistake of the file, reported when it is read
            places.setdefault(path[:depth], Place(flag, None, path[:depth]))
        inside[path[-1]] = value
        for known in [known for known in places if known[: len(path)] == path]:
            del places[known]
        places.update(
            {inner: Place(flag, None, inner) for inner in subpaths(value, path)}
        )

    def parsed(text: str, flag: str) -> Any:
        try:
            return read_yaml(text)[0]
        except PlainYAMLError as error:
            problems.append(Problem(flag, None, "(flag)", error.found, "a YAML value"))
            return None

    for key, text in flags.of_targets():
        flag = f"--{key} {text}"
        value = parsed(text, flag) if key == "positive" else text
        for target in targets:
            write(("targets", target, key), value, flag)
    for condition in flags.where:
        column, equals, text = condition.partition("=")
        flag = f"--where {condition}"
        if column and equals:
            write(("where", column), parsed(text, flag), flag)
        else:
            expected = "COLUMN=VALUE, tier=A say"
            problems.append(Problem(flag, None, "(flag)", show(condition), expected))
    if flags.group is not None:
        write(("group",), flags.group, f"--group {flags.group}")
    return Document(data, places, (*document.problems, *problems))
