"""What a table's verdicts are to answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ngn_core.errors import NGNError
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.statistics.verdicts import MARGIN


@dataclass(frozen=True)
class VerdictOptions:
    """Which pairs are compared, and what counts as equivalent.

    Attributes:
        margin: share of the error within which specs are equivalent.
        baseline: name of the spec that every other is compared with; None: the best.
        all_pairs: whether every pair is compared as well.
    """

    margin: float = MARGIN
    baseline: str | None = None
    all_pairs: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.margin < 1:
            raise NGNError(
                f"--margin {self.margin:g}: expected a share from 0 to below 1, 0.05 "
                "for 5 %"
            )

    def baseline_of(self, specs: Sequence[str]) -> str | None:
        """Return the baseline's name as the specs have it, None where it is not there.

        Upper and lower case do not matter where only one spec can be meant.
        """
        if self.baseline in specs:
            return self.baseline
        wanted = (self.baseline or "").casefold()
        alike = [name for name in specs if name.casefold() == wanted]
        return alike[0] if len(alike) == 1 else None

    def check(self, specs: Sequence[str]) -> None:
        """Say so before anything is trained, where no spec is the baseline.

        Raises:
            NGNError: naming the specs that there are.
        """
        if self.baseline is not None and self.baseline_of(specs) is None:
            meant = did_you_mean(self.baseline, specs)
            raise NGNError(
                f"--baseline {self.baseline}: none of the specs has this name; found "
                + ", ".join(specs)
                + (f". {meant}" if meant else "")
            )
