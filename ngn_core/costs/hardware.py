"""Where something is measured: what decides how fast it can be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Hardware:
    """Hardware and threads; costs of two places are never ranked together.

    Attributes:
        device: cpu or cuda.
        cpu: its model.
        gpu: its model, empty without one.
        cores: of the CPU that may be used.
        threads: of torch.
    """

    device: str
    cpu: str
    gpu: str
    cores: int
    threads: int

    @classmethod
    def of(cls, environment: Mapping[str, Any]) -> Hardware:
        """Return the place of an `environment`."""
        return cls(
            str(environment["device"]).partition(":")[0],
            str(environment["cpu"]),
            str(environment.get("gpu", "")),
            int(environment["cores"]),
            int(environment["threads"]),
        )

    def words(self) -> str:
        """Return the place as people say it."""
        threads = f"{self.threads} thread{'s' * (self.threads != 1)}"
        cores = f"{self.cores} core{'s' * (self.cores != 1)}"
        where = f"{self.gpu}, " if self.gpu else ""
        return f"{where}{self.cpu}, {threads} of {cores}"


def digest_hardware(environment: Mapping[str, Any]) -> str:
    """Return the sha256 of a place and of the versions that decide its speed."""
    packages = environment["packages"]
    versions = {name: packages.get(name) for name in ("ngn", "torch")}
    plain = [asdict(Hardware.of(environment)), versions]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
