"""What a careful reader would write under a table."""

from __future__ import annotations

from ngn_core.statistics.verdicts import Interval, Pair, RequiredSamples, Verdicts
from ngn_core.summary.numbers import (
    format_number,
    format_percent,
    format_percents,
    p_value,
    plural,
)
from ngn_core.summary.verdicts import error_name


def verdict_sentences(verdicts: Verdicts | None) -> list[str]:
    """Return the conclusion, a sentence for each pair, and what limits them."""
    if verdicts is None or not verdicts.pairs:
        return []
    sentences = [conclusion(verdicts)]
    sentences += [pair_sentence(pair, verdicts) for pair in verdicts.pairs]
    return sentences + selection(verdicts)


def conclusion(verdicts: Verdicts) -> str:
    """Return which specs are not separated from the best one."""
    best = verdicts.best
    if all(pair.folds < 2 for pair in verdicts.pairs):
        return "One fold: there is no interval, and no spec is separated from another."
    if len(best) == 1:
        return f"{best[0]} is better than every other spec by {verdicts.metric}."
    everyone = {verdicts.baseline, *(pair.spec for pair in verdicts.pairs)}
    of = "No spec is separated" if everyone == set(best) else "Not separated"
    return f"{of} from the best by {verdicts.metric}: {', '.join(best)}."


def pair_sentence(pair: Pair, verdicts: Verdicts) -> str:
    """Return the outcome of a pair, its size, and what would decide it."""
    name, both = error_name(verdicts), f"{pair.spec} and {pair.other}"
    if not pair.folds:
        return f"{both}: undecided; no fold has a score of both."
    if pair.interval is None or pair.equivalence is None:
        found = f"{both}: undecided; {_size(pair, name)} on one fold, no interval."
    elif pair.outcome == "equivalent":
        within = format_percent(verdicts.margin, "-")
        found = (
            f"{both} are equivalent within {within}: {_size(pair, name)} "
            f"(90 % interval {format_percents(pair.shares(pair.equivalence))})."
        )
    else:
        evidence = (
            f"{_size(pair, name)} (95 % interval {_shares(pair, pair.interval)}; "
            f"corrected t {format_number(pair.t, 3)} over "
            f"{plural(pair.folds, 'fold')}, "
            f"Holm p {p_value(pair.holm)})"
        )
        found = (
            f"{both}: undecided; {evidence}."
            if pair.outcome == "undecided"
            else f"{pair.spec} is {pair.outcome} than {pair.other}: {evidence}."
        )
    if pair.required is not None:
        found += f" {decision(pair.required)}"
    if pair.missing:
        folds = ", ".join(map(str, pair.missing))
        found += f" Without fold {folds}, on which one of them has no score."
    return found


def decision(needed: RequiredSamples) -> str:
    """Return how many seeds or folds would decide, if the difference stayed."""
    if needed.seeds is None:
        first = "No number of seeds would decide: the folds differ too much"
    elif not needed.seeds_known:
        first = (
            f"If the difference stays, {needed.seeds} seeds a fold or more would "
            "decide, or no number: seed noise was not measured"
        )
    else:
        first = (
            f"If the difference stays, about {needed.seeds} seeds a fold would decide"
        )
    if needed.folds is not None:
        second = f"about {needed.folds} folds would (--folds {needed.folds})"
    elif needed.folds_open:
        second = "no number of folds would"
    else:
        second = "the folds are given"
    return f"{first}; {second}."


def _size(pair: Pair, name: str) -> str:
    """Return `MAE lower by 6.3 %`."""
    if pair.difference == 0:
        return f"{name} is the same"
    if not pair.error:
        return f"{name} differs by {format_number(pair.difference)}"
    way = "lower" if pair.relative < 0 else "higher"
    return f"{name} {way} by {format_percent(abs(pair.relative), '-')}"


def _shares(pair: Pair, interval: Interval) -> str:
    return format_percents(pair.shares(interval))


def selection(verdicts: Verdicts) -> list[str]:
    """Return what choosing the best on the same folds does to the verdicts.

    With two specs nothing: the test is two-sided.
    """
    count = len(verdicts.pairs) + 1
    separated = [p for p in verdicts.pairs if p.outcome in ("better", "worse")]
    if not verdicts.chosen or count < 3 or not separated:
        return []
    kept = sum(p.holm_all is not None and p.holm_all < 0.05 for p in separated)
    pairs = count * (count - 1) // 2
    return [
        f"{verdicts.baseline} was chosen as the best on these same folds, which "
        f"flatters it: with p corrected for all {pairs} pairs, {kept} of "
        f"{plural(len(separated), 'separation')} from it stay. A --baseline named "
        "beforehand has no such lead."
    ]
