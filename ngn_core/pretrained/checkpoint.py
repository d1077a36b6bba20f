"""A checkpoint: a folder with `config.json` and `weights.npz`, and its network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ngn_core.errors import StructureError, WeightsError
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.plugin.registry import Registry
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.pretrained.importer import Importer
from ngn_core.pretrained.misfits import misfits
from ngn_core.pretrained.transfer import Transfer
from ngn_core.pretrained.weights_file import read_arrays
from ngn_core.spec.load import load_specs, override_spec
from ngn_core.spec.spec import BlockSpec, Spec

CONFIG, WEIGHTS = "config.json", "weights.npz"

_SHOWN = 10
"""Problems of weights that are listed."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint with its importer.

    Attributes:
        folder: where it lies.
        config: what `config.json` says.
        importer: of its architecture.
        arrays: by the checkpoint's own names.
    """

    folder: Path
    config: Mapping[str, Any]
    importer: Importer
    arrays: Mapping[str, Tensor]

    @property
    def random(self) -> bool:
        """Return whether the weights were drawn from a seed, not trained."""
        return self.config.get("seed") is not None

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Turn what the importer cannot read into sentences.

        Raises:
            WeightsError: naming the file and the key.
        """
        file, name = self.folder / CONFIG, self.importer.name
        try:
            yield
        except KeyError as error:
            raise WeightsError(
                f"{file}: there is no key {error}, which the importer {name} reads"
            ) from error
        except (ValueError, TypeError, LookupError, StructureError) as error:
            raise WeightsError(f"{file}: the importer {name} says: {error}") from error

    def spec(
        self,
        registry: Registry,
        name: str | None = None,
        assignments: Sequence[str] = (),
        more: Mapping[str, Any] | None = None,
    ) -> Spec:
        """Return a spec with the sizes of the checkpoint.

        Args:
            registry: where components are looked up.
            name: of the spec; None: the importer's own.
            assignments: `key=value` overrides of the user's, on top.
            more: what is said otherwise than the checkpoint's sizes.

        Raises:
            SpecError: where it has problems.
            WeightsError: where the spec is of another architecture.
        """
        own = load_specs([self.importer.spec], registry)[0]
        spec = own if name is None else load_specs([name], registry)[0]
        if _hooks(spec) != _hooks(own):
            raise WeightsError(
                f"{self.folder}: the weights are {self.importer.architecture}'s, for "
                f"blocks of {', '.join(sorted(_hooks(own)))} as in "
                f"{self.importer.spec}; network.blocks of {name} uses "
                f"{', '.join(sorted(_hooks(spec)))}"
            )
        with self.importing():
            said = {**self.importer.overrides(self.config), **(more or {})}
        if spec.graph.edges.name != own.graph.edges.name:
            said = {
                key: value
                for key, value in said.items()
                if not key.startswith("graph.edges.")
            }
        flags = [f"{key}={json.dumps(value)}" for key, value in said.items()]
        sized = override_spec(spec, registry, flags, str(self.folder / CONFIG))
        return override_spec(sized, registry, assignments)

    def transfer(self, spec: Spec) -> Transfer:
        """Return the arrays, carried over to the names of the spec's network.

        Raises:
            WeightsError: naming every array that is missing, left over or of another
                shape.
        """
        file = str(self.folder / WEIGHTS)
        transfer = Transfer(self.arrays, file)
        with self.importing():
            self.importer.transfer(transfer, self.config)
        problems = misfits(spec, architecture_of(spec).network, transfer)
        if problems:
            told = [f"{file}: {text}" for text in problems[:_SHOWN]]
            if len(problems) > _SHOWN:
                told.append(f"and {len(problems) - _SHOWN} more")
            raise WeightsError("\n".join(told))
        return transfer

    def network(self, spec: Spec, dtype: torch.dtype) -> Network:
        """Return the spec's network with these weights, to be evaluated.

        Raises:
            WeightsError: see `transfer`.
        """
        network = build_network(spec).to(dtype)
        tensors = dict(network.named_buffers()) | network.state_dict()
        with torch.no_grad():
            for name, value in self.transfer(spec).state.items():
                tensors[name].copy_(value)
        return network.eval()


def read_published(folder: Path, registry: Registry) -> Checkpoint:
    """Return the checkpoint of a folder.

    Raises:
        WeightsError: where a file is missing or damaged, holds anything but tensors, or
            is of an architecture without an importer.
    """
    config = read_json(folder / CONFIG)
    importers: list[Any] = registry.components("importer")
    known = {importer.architecture: importer for importer in importers}
    found = config.get("architecture")
    if found not in known:
        hint = did_you_mean(str(found), known)
        raise WeightsError(
            f"{folder / CONFIG}: architecture: found {found!r}; expected one that has "
            f"an importer: {', '.join(sorted(known))}{'. ' * bool(hint)}{hint or ''}"
        )
    return Checkpoint(folder, config, known[found](), read_arrays(folder / WEIGHTS))


def read_json(file: Path) -> dict[str, Any]:
    """Return the mapping of a JSON file.

    Raises:
        WeightsError: where there is none.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(
            f"{file}: no readable file ({error.strerror}); expected a folder with "
            f"{CONFIG} and {WEIGHTS}, as the README describes it"
        ) from error
    except ValueError as error:
        raise WeightsError(f"{file}: no JSON ({error})") from error
    if not isinstance(data, dict):
        raise WeightsError(f"{file}: found {type(data).__name__}; expected a mapping")
    return data


def _hooks(spec: Spec) -> set[str]:
    """Return the names of the message functions of a spec."""

    def names(block: BlockSpec) -> Iterator[str]:
        for use in block.uses():
            yield use.name

    return {name for block in spec.network.blocks for name in names(block)}
