"""The registry: all components of all plugins, built once, then frozen."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pluggy

from ngn_core.errors import PluginError
from ngn_core.plugin.check import check_component, title
from ngn_core.plugin.kinds import KINDS
from ngn_core.plugin.manager import Plugins
from ngn_core.plugin.options import Use
from ngn_core.plugin.origin import Origin
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.plugin.wording import with_article


@dataclass(frozen=True)
class Entry:
    """A component with its kind and where it comes from."""

    kind: str
    component: type
    origin: Origin

    @property
    def name(self) -> str:
        """Return the name that `use:` calls it by."""
        name: str = self.component.name  # type: ignore[attr-defined]
        return name

    @property
    def description(self) -> str:
        """Return the docstring of the class, empty where it has none of its own."""
        return inspect.cleandoc(self.component.__doc__ or "")


class Registry:
    """Components by kind and name."""

    def __init__(self, entries: Mapping[tuple[str, str], Entry]) -> None:
        self._entries = dict(entries)

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over all entries, by kind, then name."""
        for kind in KINDS:
            yield from (self._entries[kind, name] for name in self.names(kind))

    def get(self, kind: str, name: str) -> Entry | None:
        """Return the entry, or None where no plugin has it."""
        return self._entries.get((kind, name))

    def entry(self, use: Use) -> Entry:
        """Return the entry of a component that a spec chose."""
        return self._entries[use.kind, use.name]

    def named(self, name: str) -> list[Entry]:
        """Return the entries of a name, of whatever kind."""
        return [entry for entry in self if entry.name == name]

    def names(self, kind: str) -> list[str]:
        """Return the names of a kind, sorted."""
        return sorted(name for found, name in self._entries if found == kind)

    def components(self, kind: str) -> list[type]:
        """Return the classes of a kind, in the order in which plugins gave them."""
        return [
            entry.component for entry in self._entries.values() if entry.kind == kind
        ]

    def expected(self, kind: str, name: str) -> tuple[str, str | None]:
        """Return what would have been right in place of `name`, and a suggestion."""
        names = self.names(kind)
        suggestion = did_you_mean(name, names)
        others = [entry.kind for entry in self.named(name)]
        if suggestion is None and others:
            suggestion = f"{name!r} is {with_article(others[0])}"
        listed = f"one of {', '.join(names)}" if names else "of which there is none"
        return f"{with_article(kind)}: {listed}", suggestion


def collect(plugins: Plugins) -> Registry:
    """Ask every plugin for its components and check that they fit together.

    Raises:
        PluginError: for a clash of names, or a class that does not fit its interface.
    """
    entries: dict[tuple[str, str], Entry] = {}
    for kind in KINDS.values():
        for hook in getattr(plugins.hook, kind.hook).get_hookimpls():
            where = f"{hook.plugin_name}: {kind.hook}"
            distribution = plugins.distributions.get(hook.plugin_name)
            for returned in _call(hook, where):
                component = check_component(kind, returned, where)
                origin = Origin.of(component, distribution)
                entry = Entry(kind.name, component, origin)
                other = entries.setdefault((kind.name, entry.name), entry)
                if other is not entry:
                    raise PluginError(_clash(other, entry))
    return Registry(entries)


def _clash(first: Entry, second: Entry) -> str:
    both = [f"{title(entry.component)} ({entry.origin})" for entry in (first, second)]
    return (
        f"two components of kind {first.kind} are named {first.name!r}: "
        f"{' and '.join(both)}; rename one"
    )


def _call(hook: pluggy.HookImpl, where: str) -> Iterable[object]:
    try:
        returned = hook.function()
    except Exception as error:
        raise PluginError(f"{where} failed: {type(error).__name__}: {error}") from error
    if not isinstance(returned, (list, tuple)):
        raise PluginError(f"{where} returned {returned!r}; expected a list of classes")
    return returned
