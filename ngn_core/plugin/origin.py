"""Where a component comes from: a distribution and version, or the hash of its source."""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path


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
        """Return the origin of a class that a plugin of `distribution` returned."""
        file = Path(inspect.getfile(component))
        if distribution is None:
            return cls(file.name, source_hash(file))
        version = metadata.version(distribution)
        if _editable(distribution):
            version = f"{version}+{source_hash(file)}"
        return cls(distribution, version)


def source_hash(file: Path) -> str:
    """Return the first 12 hexadecimal digits of the sha256 of a source file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _editable(distribution: str) -> bool:
    text = metadata.distribution(distribution).read_text("direct_url.json")
    if text is None:
        return False
    return bool(json.loads(text).get("dir_info", {}).get("editable", False))
