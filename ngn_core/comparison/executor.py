"""Choosing the executor that runs the trials of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from ngn_core.errors import SpecError
from ngn_core.plugin.options import Use
from ngn_core.plugin.registry import Registry
from ngn_core.spec.document import Document, Place
from ngn_core.spec.override import override
from ngn_core.spec.resolve import Resolver


def choose_executor(name: str, options: Sequence[str], registry: Registry) -> Use:
    """Return the executor of a name, with options as `key=value`.

    Raises:
        SpecError: for one that there is not, and for options that it does not take.
    """
    document = Document({"use": name}, {(): Place(f"--executor {name}", None)})
    document = override(document, options, "--executor-option")
    resolver = Resolver(registry, document, list(document.problems))
    use = resolver.component("executor", document.data, ())
    if use is None or resolver.problems:
        raise SpecError(resolver.problems)
    return use
