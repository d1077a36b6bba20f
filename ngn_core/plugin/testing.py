"""The conformance suite for the tests of plugins.

It lies on the floor of the laws, far above this one, and is looked up when it is asked
for: `from ngn_core.plugin.testing import check_spec, check_dataset`.
"""

from importlib import import_module
from typing import Any

__all__ = ["check_dataset", "check_spec"]  # noqa: F822, they come from __getattr__


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"{__name__} has {', '.join(__all__)}, no {name}")
    return getattr(import_module("ngn_core.testing.conformance"), name)
