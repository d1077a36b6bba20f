"""Typed options of components, and the choice of a component by `use:`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict


class Options(BaseModel):
    """What a spec may write beside `use:`; frozen, and unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
    )


@dataclass(frozen=True)
class Kind:
    """Marks an `Options` field as a choice of a component: `Annotated[Use, Kind(..)]`."""

    name: str


@dataclass(frozen=True)
class Unit:
    """Gives an `Options` field its unit: `Annotated[float, Unit("Å")]`."""

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
        fields = type(self.options).model_fields
        options = {key: _plain(getattr(self.options, key)) for key in fields}
        return {"use": self.name, **options}

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


def _plain(value: Any) -> Any:
    if isinstance(value, Use):
        return value.resolved()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
