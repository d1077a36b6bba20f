"""Intermediate activations of a network beside those of a reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn

from ngn_core.errors import WeightsError
from ngn_core.pretrained.importer import Tap


@dataclass(frozen=True)
class Compared:
    """One activation beside the reference's.

    Attributes:
        name: in the reference.
        deviation: largest difference of its mean, standard deviation, largest size and
            first and last numbers, in parts of its largest size, or of the median of
            those in the folder where that is larger. Without first and last numbers
            where the reference does not list the rows.
        problem: why there is none, else empty.
    """

    name: str
    deviation: float | None
    problem: str = ""


@contextmanager
def reporter(
    network: nn.Module,
    taps: Mapping[str, Tap],
    listed: Sequence[Mapping[str, Any]],
    order: Mapping[str, np.ndarray],
    scales: Mapping[str, float],
) -> Iterator[list[Compared]]:
    """Compare what modules return, while the network runs, with what is listed.

    Args:
        network: that runs inside.
        taps: where each activation is seen.
        listed: the reference's activations; those without a tap are left out.
        order: of each level, see `Ordered`.
        scales: median of the largest sizes in the folder, by name.

    Raises:
        WeightsError: where a tap names no module of the network.
    """
    modules = dict(network.named_modules())
    found: list[Compared] = []
    handles = []
    for activation in listed:
        tap = taps.get(activation["name"])
        if tap is None:
            continue
        if tap.module not in modules:
            raise WeightsError(
                f"activation {activation['name']}: the network has no module "
                f"{tap.module}"
            )

        def compare(
            module: nn.Module,
            given: Any,
            returned: Any,
            tap: Tap = tap,
            activation: Mapping[str, Any] = activation,
        ) -> None:
            ours = tap.take(returned if tap.of == "returned" else given)
            scale = scales[activation["name"]]
            found.append(_compare(activation, ours, tap, order, scale))

        handles.append(modules[tap.module].register_forward_hook(compare))
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
    names = [activation["name"] for activation in listed]
    found.sort(key=lambda compared: names.index(compared.name))


def _compare(
    activation: Mapping[str, Any],
    ours: Tensor,
    tap: Tap,
    order: Mapping[str, np.ndarray],
    scale: float,
) -> Compared:
    name, size = activation["name"], int(np.prod(activation["shape"]))
    if ours.numel() != size:
        problem = f"shape {list(ours.shape)}; the reference has {activation['shape']}"
        return Compared(name, None, problem)
    if size == 0:
        return Compared(name, 0.0)
    flat = ours.double().flatten()
    own = [flat.mean(), flat.std(correction=0), flat.abs().max()]
    theirs = [activation[what] for what in ("mean", "std", "absmax")]
    if tap.rows == "crystal" or tap.rows in order:
        if tap.rows != "crystal":
            flat = ours.double()[np.argsort(order[tap.rows])].flatten()
        first, last = activation["first"], activation["last"]
        own += [*flat[: len(first)], *flat[size - len(last) :]]
        theirs += [*first, *last]
    apart = max(abs(float(one) - other) for one, other in zip(own, theirs, strict=True))
    return Compared(name, apart / (max(scale, activation["absmax"]) or 1.0))
