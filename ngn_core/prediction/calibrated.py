"""A model with what its trials know of their own errors and of what they saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ngn_core.errors import TrialError
from ngn_core.experiment.result import Result, read_result
from ngn_core.experiment.store import result_folders
from ngn_core.experiment.training_crystals import read_training_crystals
from ngn_core.plugin.registry import Registry
from ngn_core.prediction.applicability_domain import ApplicabilityDomain, find_domain
from ngn_core.prediction.ensemble import Trained, ensembles, has_network
from ngn_core.statistics.residuals import Residuals, residuals_of


@dataclass(frozen=True)
class Calibrated:
    """The trials of one spec on one target, over folds and seeds.

    Attributes:
        name: of the model.
        trials: with their networks.
        residuals: their out-of-fold errors, by fold.
        domain: what they saw; None where that was not kept.
    """

    name: str
    trials: Sequence[Trained]
    residuals: Residuals
    domain: ApplicabilityDomain | None

    @property
    def result(self) -> Result:
        """Return the first trial's result, for what all of them share."""
        return self.trials[0].result


def read_calibrated(
    paths: Sequence[Path],
    registry: Registry,
    spec: str | None = None,
    target: str | None = None,
) -> Calibrated:
    """Return the one model that the trials in some folders are of.

    Args:
        paths: trials or folders of them.
        registry: for components.
        spec: its spec, where there are several.
        target: its target, where there are several.

    Raises:
        TrialError: where there is no such model, or more than one.
    """
    found = {
        folder: read_result(folder) for path in paths for folder in result_folders(path)
    }
    named = ", ".join(map(str, paths))
    if not found:
        raise TrialError(
            f"no finished trial in {named}; expected a folder that ngn-compare wrote "
            "(runs, or a trial in it)"
        )
    asked = {
        folder: result
        for folder, result in found.items()
        if spec in (None, result.spec) and target in (None, result.target)
    }
    networks = {
        folder: result
        for folder, result in sorted(asked.items(), key=_order)
        if has_network(result)
    }
    if not networks:
        raise TrialError(
            f"{named}: no trial of a network{_chosen(spec, target)}; there is "
            f"{_listed(found)}"
        )
    if len({result.model for result in networks.values()}) > 1:
        raise TrialError(
            f"{named}: several models, {_listed(networks)}; expected one: choose with "
            "--spec and --target, or name the folders of its trials"
        )
    [(name, trials)] = ensembles(list(networks), registry)
    seen = [read_training_crystals(folder) for folder in networks]
    kept = [one for one in seen if one]
    return Calibrated(
        name,
        trials,
        residuals_of(list(networks.values())),
        find_domain(kept) if len(kept) == len(seen) else None,
    )


def _order(found: tuple[Path, Result]) -> tuple[int, int]:
    return found[1].fold, found[1].seed


def _chosen(spec: str | None, target: str | None) -> str:
    asked = [("spec", spec), ("target", target)]
    said = " and ".join(f"{key} {value}" for key, value in asked if value is not None)
    return f" with {said}" if said else ""


def _listed(results: Mapping[Path, Result]) -> str:
    """Return the models of some results, in words."""
    names = dict.fromkeys(
        f"{one.spec} on {one.target} of {one.dataset}" for one in results.values()
    )
    return ", ".join(names)
