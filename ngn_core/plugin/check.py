"""What a plugin's class must be to become a component."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from pydantic import PydanticUserError

from ngn_core.errors import PluginError
from ngn_core.plugin import options
from ngn_core.plugin.kinds import KINDS, ComponentKind
from ngn_core.plugin.options import kind_of
from ngn_core.plugin.suggest import did_you_mean


def title(component: type) -> str:
    """Return module and name of a class."""
    return f"{component.__module__}.{component.__qualname__}"


def check_component(kind: ComponentKind, component: object, where: str) -> type:
    """Return the component, a class that fits the interface of its kind.

    Raises:
        PluginError: where it does not.
    """
    interface = kind.interface_class()
    if not inspect.isclass(component) or not issubclass(component, interface):
        raise PluginError(
            f"{where} returned {component!r}; expected classes derived from "
            f"{title(interface)}"
        )
    name = getattr(component, "name", None)
    if not isinstance(name, str) or not name.strip():
        raise PluginError(f'{title(component)} has no name; give it `name = "..."`')
    lacking = [f"the method {name}" for name in _abstract(component)]
    lacking += [f"the attribute {name}" for name in _undeclared(component, interface)]
    lacking += [f"the method {name}" for name in _halves(kind, component, interface)]
    if lacking:
        raise PluginError(f"{title(component)} does not define {', '.join(lacking)}")
    if hasattr(interface, "Options"):
        _check_options(kind, component)
    return component


def _abstract(component: type) -> list[str]:
    """Return abstract methods; torch modules are not of the metaclass that looks."""
    return [
        name
        for name in dir(component)
        if getattr(getattr(component, name, None), "__isabstractmethod__", False)
    ]


def _undeclared(component: type, interface: type) -> list[str]:
    """Return attributes that the interface declares and nobody sets."""
    return [
        name
        for name, annotation in inspect.get_annotations(interface).items()
        if str(annotation).startswith("ClassVar") and not hasattr(component, name)
    ]


def _halves(kind: ComponentKind, component: type, interface: type) -> Iterator[str]:
    """Yield what is missing of methods that come together or not at all."""

    def defines(name: str) -> bool:
        return getattr(component, name) is not getattr(interface, name)

    if kind.name == "message function":
        if defines("message") and not defines("update_node"):
            yield "update_node, which goes with message"
        if defines("update_node") and not (defines("message") or defines("interact")):
            yield "message, which goes with update_node"


def _check_options(kind: ComponentKind, component: type) -> None:
    found = component.Options  # type: ignore[attr-defined]
    where = f"{title(component)}.Options"
    if not inspect.isclass(found) or not issubclass(found, options.Options):
        raise PluginError(f"{where} is {found!r}; expected a class from ngn.Options")
    try:
        found.model_rebuild()
    except (PydanticUserError, NameError) as error:
        reason = str(error).splitlines()[0]
        raise PluginError(f"{where} cannot be completed: {reason}") from error
    for key, field in found.model_fields.items():
        if key == "use" or key in kind.beside:
            raise PluginError(f"{where}: the option {key!r} is the core's; rename it")
        chosen = kind_of(field)
        if chosen is not None and chosen not in KINDS:
            suggestion = did_you_mean(chosen, KINDS) or ""
            raise PluginError(
                f"{where}: {key} is of the unknown kind {chosen!r}; expected one of "
                f"{', '.join(KINDS)}. {suggestion}".rstrip()
            )
