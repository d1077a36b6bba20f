"""Splits: how crystals are shared out into folds."""

from __future__ import annotations

import ngn_core.api as ngn
from ngn_plugins.splits.group import GroupSplit
from ngn_plugins.splits.kfold import KFoldSplit


@ngn.hookimpl
def ngn_register_splits() -> list[type[ngn.Split]]:
    """Return the splits of this package."""
    return [GroupSplit, KFoldSplit]
