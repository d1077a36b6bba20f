"""Where a component comes from: its distribution and version, or its source's hash."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ngn_core.errors import PluginError
from ngn_core.plugin.sources import source_hash


@dataclass(frozen=True)
class Origin:
    """What identifies the code of a component in a trial's digest.

    Attributes:
        distribution: installed distribution, or the plugin file's name.
        version: its version; for plugin files and editable installs the source's hash.
    """

    distribution: str
    version: str

    @classmethod
    def of(cls, component: type, distribution: str | None) -> Origin:
        """Return the origin of a class that a plugin of `distribution` returned.

        Raises:
            PluginError: for a class without a source file.
        """
        module = sys.modules.get(component.__module__)
        file = getattr(module, "__file__", None)
        if module is None or file is None:
            name = f"{component.__module__}.{component.__qualname__}"
            raise PluginError(f"{name} has no source; expected a class in a file")
        if distribution is None:
            return cls(Path(file).name, source_hash(module))
        version = metadata.version(distribution)
        if _editable(distribution):
            version = f"{version}+{source_hash(module)}"
        return cls(distribution, version)

    def __str__(self) -> str:
        """Return distribution and version."""
        return f"{self.distribution} {self.version}"


def _editable(distribution: str) -> bool:
    text = metadata.distribution(distribution).read_text("direct_url.json")
    if text is None:
        return False
    return bool(json.loads(text).get("dir_info", {}).get("editable", False))
