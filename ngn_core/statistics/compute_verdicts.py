"""From the results of a table to its verdicts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import fmean, median

from ngn_core.experiment.result import Result
from ngn_core.statistics.bayesian import probabilities
from ngn_core.statistics.corrected_t import CorrectedTTest, correct_t_test
from ngn_core.statistics.crystal_bootstrap import bootstrap, is_mean_error, win_rate
from ngn_core.statistics.crystal_errors import CrystalError, crystal_errors
from ngn_core.statistics.fold_scores import FoldScores, fold_scores, size_ratio
from ngn_core.statistics.holm import holm
from ngn_core.statistics.required_samples import compute_required_samples
from ngn_core.statistics.verdict_options import VerdictOptions
from ngn_core.statistics.verdicts import Errors, Outcome, Pair, Verdicts

LEVEL = 0.05
"""Of a verdict: the chance of one wrong `better` or more in a table."""

_WORST = 0.01


def compute_verdicts(
    by_spec: Mapping[str, Sequence[Result]],
    *,
    folds_open: bool,
    formulas: Mapping[str, str],
    verdict_options: VerdictOptions,
) -> Verdicts:
    """Return the verdicts of a table.

    Args:
        by_spec: results of one target by spec, the best first.
        folds_open: whether there may be other folds.
        formulas: of the test crystals, by id.
        verdict_options: what is compared.
    """
    return _VerdictTable(by_spec, folds_open, formulas, verdict_options).verdicts()


@dataclass(frozen=True)
class _PairedScores:
    """Two specs on the folds that both have: differences are spec - other."""

    folds: tuple[int, ...]
    score: float
    other_score: float
    found: CorrectedTTest | None


@dataclass(frozen=True)
class _VerdictTable:
    """What all verdicts of a table are drawn from; see `compute_verdicts`."""

    by_spec: Mapping[str, Sequence[Result]]
    folds_open: bool
    formulas: Mapping[str, str]
    verdict_options: VerdictOptions

    def verdicts(self) -> Verdicts:
        """Return them all."""
        specs = list(self.by_spec)
        first = self.by_spec[specs[0]][0].scores[0]
        best = self._leader(specs)
        named = self.verdict_options.baseline_of(specs)
        reference = named or best
        pairs = self._family([(s, reference) for s in specs if s != reference])
        leading = pairs
        if reference != best:
            leading = self._family([(s, best) for s in specs if s != best])
        every = combinations(specs, 2) if self.verdict_options.all_pairs else ()
        return Verdicts(
            metric=first.title,
            unit=first.unit,
            better=first.better,
            baseline=reference,
            chosen=named is None,
            margin=self.verdict_options.margin,
            pairs=tuple(pairs),
            all_pairs=tuple(self._family(list(every))),
            noise={spec: self.scores[spec].noise for spec in specs},
            errors={spec: _errors(own) for spec, own in self.errors.items()},
            grouped=self._grouped(),
            best=_best(best, specs, leading),
        )

    @cached_property
    def scores(self) -> dict[str, FoldScores]:
        """Return the deciding scores by spec."""
        return fold_scores([one for own in self.by_spec.values() for one in own])

    @cached_property
    def errors(self) -> dict[str, tuple[CrystalError, ...]]:
        """Return the errors on crystals, of the specs with predictions."""
        return {
            spec: found
            for spec, own in self.by_spec.items()
            if (found := crystal_errors(own))
        }

    @cached_property
    def resampled(self) -> frozenset[str]:
        """Return the specs whose score is a mean over crystals."""
        return frozenset(
            spec for spec, own in self.by_spec.items() if is_mean_error(own)
        )

    @cached_property
    def folds(self) -> frozenset[int]:
        """Return the folds that any spec has a score on."""
        return frozenset().union(*(own.by_fold for own in self.scores.values()))

    @cached_property
    def holm_all(self) -> dict[frozenset[str], float]:
        """Return Holm's p over all pairs that can be tested."""
        tested = {
            frozenset(pair): meeting.found.p
            for pair in combinations(self.by_spec, 2)
            if (meeting := self._paired(*pair)).found is not None
        }
        return dict(zip(tested, holm(list(tested.values())), strict=True))

    def _leader(self, specs: Sequence[str]) -> str:
        """Return the best spec of those with the most folds: no easy fold alone."""
        most = max(len(self.scores[spec].by_fold) for spec in specs)
        return next(s for s in specs if len(self.scores[s].by_fold) == most)

    def _grouped(self) -> bool:
        return all(
            one.id in self.formulas for own in self.errors.values() for one in own
        )

    def _paired(self, spec: str, other: str) -> _PairedScores:
        mine, theirs = self.scores[spec].means, self.scores[other].means
        folds = tuple(sorted(mine.keys() & theirs.keys()))
        if not folds:
            return _PairedScores(folds, math.nan, math.nan, None)
        found = None
        if len(folds) > 1:
            ratio = size_ratio([*self.by_spec[spec], *self.by_spec[other]])
            found = correct_t_test([mine[fold] - theirs[fold] for fold in folds], ratio)
        score = fmean(mine[fold] for fold in folds)
        return _PairedScores(folds, score, fmean(theirs[fold] for fold in folds), found)

    def _family(self, asked: Sequence[tuple[str, str]]) -> list[Pair]:
        """Return the pairs, their p-values corrected for one another."""
        meetings = [self._paired(*pair) for pair in asked]
        tested = [m.found.p for m in meetings if m.found is not None]
        left = iter(holm(tested))
        return [
            self._pair(*pair, meeting, next(left) if meeting.found else None, tested)
            for pair, meeting in zip(asked, meetings, strict=True)
        ]

    def _pair(
        self,
        spec: str,
        other: str,
        meeting: _PairedScores,
        adjusted: float | None,
        family: Sequence[float],
    ) -> Pair:
        found = meeting.found
        better = self.by_spec[spec][0].scores[0].better
        error = meeting.other_score if better == "lower" else 1 - meeting.other_score
        margin = self.verdict_options.margin * abs(error)
        errors = self.errors
        both = spec in errors and other in errors
        outcome = _outcome(found, adjusted, margin, better)
        return Pair(
            spec=spec,
            other=other,
            outcome=outcome,
            folds=len(meeting.folds),
            score=meeting.score,
            other_score=meeting.other_score,
            difference=meeting.score - meeting.other_score,
            better=better,
            error=error,
            margin=margin,
            interval=None if found is None else found.interval(0.95),
            equivalence=None if found is None else found.interval(0.9),
            t=None if found is None else found.t,
            p=None if found is None else found.p,
            holm=adjusted,
            holm_all=self.holm_all.get(frozenset((spec, other))),
            bootstrap=bootstrap(errors[spec], errors[other], self.formulas)
            if {spec, other} <= self.resampled
            else None,
            probabilities=None
            if found is None
            else probabilities(found, margin, better),
            win_rate=win_rate(errors[spec], errors[other]) if both else None,
            required=compute_required_samples(
                found,
                margin,
                LEVEL / len(family),
                min(self.scores[spec].seeds, self.scores[other].seeds),
                _added(self.scores[spec], self.scores[other]),
                self.folds_open,
            )
            if outcome == "undecided" and found is not None
            else None,
            missing=tuple(sorted(self.folds - set(meeting.folds))),
        )


def _added(spec: FoldScores, other: FoldScores) -> float | None:
    """Return the variance that seeds add to a fold's difference, None: not measured."""
    if spec.mean_variance is None or other.mean_variance is None:
        return None
    return spec.mean_variance + other.mean_variance


def _outcome(
    found: CorrectedTTest | None, adjusted: float | None, margin: float, better: str
) -> Outcome:
    """Return the outcome; a difference that surely is below the margin is equivalence.

    It is so whether or not the difference is surely there.
    """
    if found is None or adjusted is None:
        return "undecided"
    inside = found.interval(0.9)
    if -margin <= inside.low and inside.high <= margin:
        return "equivalent"
    if adjusted >= LEVEL:
        return "undecided"
    return "better" if (found.mean < 0) == (better == "lower") else "worse"


def _best(leader: str, specs: Sequence[str], pairs: Sequence[Pair]) -> tuple[str, ...]:
    """Return the specs that are not separated from the best one.

    Args:
        leader: the best of the specs with the most folds.
        specs: in the order of the table.
        pairs: each other one against the leader.
    """
    outcomes = {pair.spec: pair.outcome for pair in pairs}
    overtaken = "better" in outcomes.values()
    return tuple(
        spec
        for spec in specs
        if (spec != leader or not overtaken) and outcomes.get(spec) != "worse"
    )


def _errors(own: Sequence[CrystalError]) -> Errors:
    """Return the median error, and the share of the worst 1 %, rounded up."""
    values = sorted((one.error for one in own), reverse=True)
    count = math.ceil(_WORST * len(values))
    total = math.fsum(values)
    share = math.fsum(values[:count]) / total if total else 0.0
    return Errors(median(values), share, count)
