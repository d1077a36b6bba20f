"""Where the trials of a comparison run, if not in the process that compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ngn_core.errors import SpecError
from ngn_core.plugin.options import Use
from ngn_core.plugin.registry import Registry
from ngn_core.spec.document import Document, Place
from ngn_core.spec.override import override
from ngn_core.spec.resolve import Resolver


@dataclass(frozen=True)
class Elsewhere:
    """An executor, and what it is given.

    Attributes:
        executor: that was chosen.
        main: of ngn-compare: takes arguments and returns the exit code.
        arguments: of this comparison, but for its target and share.
    """

    executor: Use
    main: Callable[[list[str]], int]
    arguments: tuple[str, ...]


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
