"""From arguments to a `Request`: the one way for all commands that train."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ngn_core.cli.arguments_data import declaration_of

if TYPE_CHECKING:
    from ngn_core.comparison.request import Request


def request_of(args: argparse.Namespace, specs: Sequence[str], **more: Any) -> Request:
    """Return what is asked for.

    Args:
        args: with what `add_data`, `add_set`, `add_device`, `add_cache`, `add_plugin`,
            `--out` and `--fresh` say.
        specs: that are compared.
        more: fields of `Request` that the command alone has.
    """
    from ngn_core.comparison.request import Request
    from ngn_core.dataset.split_choice import SplitChoice
    from ngn_core.packed.cache import default_cache

    targets = [args.target] if isinstance(args.target, str) else args.target
    return Request(
        specs=tuple(specs),
        assignments=tuple(args.assignments),
        dataset=args.dataset,
        targets=tuple(targets or ()),
        flags=declaration_of(args),
        split=SplitChoice(args.split, args.folds, args.by, args.holdout),
        limit=args.limit,
        state=args.state,
        on_bad_structure=args.on_bad_structure,
        on_disorder=args.on_disorder,
        device=args.device,
        out=args.out,
        cache=args.cache or default_cache(),
        plugins=tuple(args.plugin),
        fresh=args.fresh,
        jobs=args.jobs,
        **more,
    )
