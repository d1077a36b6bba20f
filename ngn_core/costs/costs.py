"""The costs of a comparison, found again in their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ngn_core.costs.cost import Cost
from ngn_core.costs.hardware import Hardware
from ngn_core.experiment.result import Result

Wanted = Literal["missing", "fresh", "none"]
"""Which costs are measured: those that no file has, all, or none."""


@dataclass(frozen=True)
class Costs:
    """Costs of the specs of a table, one a model at most.

    Attributes:
        by_model: costs by the digest of the model.
    """

    by_model: Mapping[str, Cost]

    def of(self, results: Sequence[Result]) -> Cost | None:
        """Return the cost of a line's results; None where it was not measured.

        Where each fold chose its own training, it is that of the first fold measured.
        """
        known = (self.by_model.get(result.model) for result in results)
        return next((cost for cost in known if cost is not None), None)

    @property
    def places(self) -> list[Hardware]:
        """Return where something was measured, most specs first."""
        every = [cost.hardware for cost in self.by_model.values()]
        return sorted(
            set(every), key=lambda hardware: (-every.count(hardware), hardware)
        )


def costs_of(results: Sequence[Result], found: Sequence[Cost]) -> Costs:
    """Return the costs of results' models, at as few places as can be.

    A model that was measured at several places has its cost at the place where most
    models were; of several costs at one place, the one measured last.
    """
    models = {result.model for result in results}
    by_place: dict[Hardware, dict[str, Cost]] = {}
    for cost in sorted(found, key=lambda cost: cost.measured):
        if cost.model in models:
            by_place.setdefault(cost.hardware, {})[cost.model] = cost
    chosen: dict[str, Cost] = {}
    for hardware in sorted(
        by_place, key=lambda hardware: (-len(by_place[hardware]), hardware)
    ):
        chosen = {**by_place[hardware], **chosen}
    return Costs(chosen)
