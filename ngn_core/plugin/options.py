"""Typed options of components, and the choice of a component by `use:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python


class Options(BaseModel):
    """What a spec may write beside `use:`; frozen, and unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
    )

    def resolved(self) -> dict[str, Any]:
        """Return every option, defaults included, as plain data."""
        return {key: _plain(getattr(self, key)) for key in type(self).model_fields}


@dataclass(frozen=True)
class Kind:
    """Marks an option as a choice of components: `Annotated[Use, Kind("gate")]`.

    A list of them is `Annotated[tuple[Use, ...], Kind("embedding")]`.
    """

    name: str


@dataclass(frozen=True)
class Unit:
    """Gives an option its unit: `Annotated[float, Unit("Å")]`."""

    symbol: str


@dataclass(frozen=True)
class Use:
    """A component that a spec chose, with its options, ready to be built."""

    kind: str
    component: type
    options: Options

    def build(self, *args: Any) -> Any:
        """Return the component, built from its options and `args`."""
        return self.component(self.options, *args)

    def resolved(self) -> dict[str, Any]:
        """Return `use:` and every option, defaults included, as plain data."""
        return {"use": self.name, **self.options.resolved()}

    @property
    def name(self) -> str:
        """Return the component's name."""
        name: str = self.component.name  # type: ignore[attr-defined]
        return name

    def parts(self) -> Iterator[Use]:
        """Yield this choice and every choice inside its options."""
        yield self
        for key in type(self.options).model_fields:
            value = getattr(self.options, key)
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, Use):
                    yield from item.parts()


def kind_of(field: FieldInfo) -> str | None:
    """Return the kind of component that an option chooses, None for other options."""
    return next((mark.name for mark in field.metadata if isinstance(mark, Kind)), None)


def unit_of(field: FieldInfo) -> str | None:
    """Return the unit of an option, None where it has none."""
    marks = [mark.symbol for mark in field.metadata if isinstance(mark, Unit)]
    return marks[0] if marks else None


def _plain(value: Any) -> Any:
    if isinstance(value, (Use, Options)):
        return value.resolved()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return to_jsonable_python(value)
