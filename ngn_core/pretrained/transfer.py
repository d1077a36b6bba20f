"""Carrying the arrays of a checkpoint over to the names of a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from ngn_core.errors import WeightsError


class Transfer:
    """The arrays of one checkpoint on their way to a network's state dict.

    Args:
        arrays: of the checkpoint, by its own names.
        file: for messages.

    Attributes:
        state: what was carried over, by the network's names.
        unused: why an array is not carried over, by its name.
        unfit: why arrays do not fit each other, by the name of what they make.
    """

    def __init__(self, arrays: Mapping[str, Tensor], file: str) -> None:
        self._arrays = dict(arrays)
        self._read: set[str] = set()
        self._sources: dict[str, tuple[str, ...]] = {}
        self._layers: dict[str, str] = {}
        self.file = file
        self.state: dict[str, Tensor] = {}
        self.unused: dict[str, str] = {}
        self.unfit: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        """Return whether the checkpoint has an array of this name."""
        return name in self._arrays

    def read(self, name: str) -> Tensor:
        """Return an array.

        Raises:
            WeightsError: where the checkpoint has no such array.
        """
        if name not in self._arrays:
            raise WeightsError(f"{self.file}: the array {name} is missing")
        self._read.add(name)
        return self._arrays[name]

    def make(self, ours: str, function: Callable[..., Tensor], *theirs: str) -> None:
        """Give a tensor of the network its value, `function` of these arrays."""
        self._sources[ours] = theirs
        self._read.update(theirs)
        if self.missing(ours):
            return
        found = [self._arrays[name] for name in theirs]
        try:
            self.state[ours] = function(*found)
        except (RuntimeError, IndexError, ValueError) as error:
            shapes = (f"{name} {list(self._arrays[name].shape)}" for name in theirs)
            self.unfit[ours] = f"{', '.join(shapes)} do not fit each other ({error})"

    def copy(self, theirs: str, ours: str) -> None:
        """Carry an array over as it is."""
        self.make(ours, lambda array: array, theirs)

    def layer(self, theirs: str, ours: str) -> None:
        """Carry over all arrays of a torch module: `weight`, `bias`, statistics."""
        self._layers[ours] = theirs
        found = [name for name in self._arrays if name.startswith(f"{theirs}.")]
        for name in found:
            self.copy(name, ours + name.removeprefix(theirs))

    def dense(self, theirs: str, ours: str) -> None:
        """Carry over `kernel`, [in, out], and `bias` of a Keras layer."""
        self.make(f"{ours}.weight", lambda kernel: kernel.T, f"{theirs}/kernel")
        self.copy(f"{theirs}/bias", f"{ours}.bias")

    def sources(self, ours: str) -> list[str]:
        """Return the arrays that a tensor of the network should come from."""
        if ours in self._sources:
            return list(self._sources[ours])
        layer, _, array = ours.rpartition(".")
        return [f"{self._layers[layer]}.{array}"] if layer in self._layers else []

    def missing(self, ours: str) -> list[str]:
        """Return those of its sources that the checkpoint lacks."""
        return [name for name in self.sources(ours) if name not in self._arrays]

    def same(self, name: str, other: str) -> None:
        """Say that an array is another one, listed twice; nothing if it is not there.

        Raises:
            WeightsError: where they differ.
        """
        if name not in self._arrays:
            return
        one, two = self._arrays[name], self.read(other)
        if one.shape != two.shape or not bool((one == two).all()):
            raise WeightsError(
                f"{self.file}: {name} differs from {other}; they are one module"
            )
        self.skip(name, f"the same as {other}")

    def skip(self, name: str, why: str) -> None:
        """Say why an array is not carried over; nothing where it is not there."""
        if name in self._arrays:
            self.unused[name] = why

    def forgotten(self) -> list[str]:
        """Return the arrays that were neither read nor skipped."""
        return [
            name
            for name in self._arrays
            if name not in self._read and name not in self.unused
        ]


def mlp_layers(ours: str, count: int) -> list[str]:
    """Return the names of the layers of an `MLP` of so many layers."""
    return [f"{ours}.first", *(f"{ours}.rest.{layer}" for layer in range(count - 1))]


def by_number(
    table: Tensor, numbers: Sequence[int] | None = None, size: int = 119
) -> Tensor:
    """Return a table of elements with rows by atomic number, [size, F].

    Rows of elements that the table lacks are NaN, so that none is predicted silently.

    Args:
        table: [n, F].
        numbers: n atomic numbers, of the rows; None: 0, 1, 2, ...
        size: rows of the network's table.
    """
    filled = table.new_full((size, table.shape[1]), float("nan"))
    filled[list(range(len(table)) if numbers is None else numbers)] = table
    return filled
