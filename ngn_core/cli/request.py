"""From arguments to a `Request`: the one way for all commands that train."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ngn_core.cli.arguments_data import declaration_of

if TYPE_CHECKING:
    from ngn_core.comparison.request import Request


def request_of(asked: argparse.Namespace, specs: Sequence[str], **more: Any) -> Request:
    """Return what is asked for.

    Args:
        asked: with what `add_data`, `add_set`, `add_device`, `add_cache`, `--out` and
            `--fresh` say.
        specs: that are compared.
        more: fields of `Request` that the command alone has.
    """
    from ngn_core.comparison.device import choose_device
    from ngn_core.comparison.request import Request
    from ngn_core.dataset.split_choice import SplitChoice
    from ngn_core.packed.cache import default_cache

    targets = [asked.target] if isinstance(asked.target, str) else asked.target
    return Request(
        specs=tuple(specs),
        assignments=tuple(asked.assignments),
        dataset=asked.dataset,
        targets=tuple(targets or ()),
        flags=declaration_of(asked),
        split=SplitChoice(asked.split, asked.folds, asked.by, asked.holdout),
        limit=asked.limit,
        state=asked.state,
        on_bad_structure=asked.on_bad_structure,
        on_disorder=asked.on_disorder,
        device=choose_device(asked.device),
        out=asked.out,
        cache=asked.cache or default_cache(),
        fresh=asked.fresh,
        jobs=asked.jobs,
        **more,
    )
