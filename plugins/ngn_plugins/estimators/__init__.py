"""Estimators: baselines that keep a comparison honest."""

import ngn_core.api as ngn
from ngn_plugins.estimators.dummy import Dummy
from ngn_plugins.estimators.random_forest import RandomForest


@ngn.hookimpl
def ngn_register_estimators() -> list[type]:
    """Return the estimators of this folder."""
    return [Dummy, RandomForest]
