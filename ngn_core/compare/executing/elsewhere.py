"""Where the trials of a comparison run, if not in the process that compares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ngn_core.errors import ExecutorError, SpecError
from ngn_core.plugin.options import Use
from ngn_core.plugin.registry import Registry
from ngn_core.spec.document import Document, Place
from ngn_core.spec.override import override
from ngn_core.spec.resolve import Resolver

if TYPE_CHECKING:
    from ngn_core.compare.protocols.budget import Budget
    from ngn_core.compare.request import Request

_TIMED = ("call", "seconds")


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


def check_elsewhere(request: Request, budget: Budget | None) -> None:
    """Check that workers can do what is asked for.

    Raises:
        ExecutorError: for what each of them would understand in its own way.
    """
    if request.elsewhere is None:
        return
    name = f"--executor {request.elsewhere.executor.name}"
    if request.fresh:
        raise ExecutorError(
            f"{name} and --fresh: a trial that goes on would begin anew; expected "
            "another --out"
        )
    if budget is not None and budget.of in _TIMED:
        raise ExecutorError(
            f"{name} and --budget {budget.text}: every worker would measure another "
            "number of epochs; expected epochs=N or steps=N"
        )
    if request.device.index is not None:
        raise ExecutorError(
            f"{name} and --device {request.device}: it chooses the GPU of each trial; "
            "expected auto, cpu or cuda"
        )
