"""What is to be known about costs: where they are from, and how noisy they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ngn_core.costs.hardware import Hardware
from ngn_core.costs.time_to_error import TimeToError
from ngn_core.summary.comparison import Line
from ngn_core.summary.cost_rows import CostRow
from ngn_core.summary.numbers import format_number, plural, unit_behind


def costs_sentences(
    rows: Sequence[CostRow],
    lines: Sequence[Line],
    reached: TimeToError | None,
    metric: str,
    unit: str,
) -> list[str]:
    """Return what is to be known about the costs: where, how, and how noisy.

    Args:
        rows: of all lines.
        lines: of the comparison.
        reached: the time to an error that all reach, None where there is none.
        metric: title of the deciding one.
        unit: of the target.
    """
    known = [row.hardware for row in rows if row.hardware is not None]
    places = list(dict.fromkeys(known))
    sentences = []
    if places:
        fewest = min(len(row.cost.turns) for row in rows if row.cost is not None)
        turns = f"the median of {fewest} turns" if fewest > 1 else "one turn"
        sentences.append(
            "Costs are from a pass of their own after the trials, one spec at a time: "
            f"{turns} after a warm-up{_where(places)}."
        )
    if any(row.front for row in rows):
        sentences.append(
            f"*: on the Pareto front of this cost and the {metric}; "
            "no other spec is better in one and not worse in the other."
        )
    if len(places) > 1:
        sentences.append("What is measured at two places is not ranked together.")
    sentences += noise_sentences(rows)
    if reached is not None:
        sentences.append(
            f"To {format_number(reached.error, 3)}{unit_behind(unit)}: training until "
            "the first epoch whose validation MAE, which every spec reaches, is not "
            "larger; epochs of the trials' own learning curves, seconds of the pass, "
            "median trial."
        )
    unmeasured = [
        line.spec
        for line, row in _paired(lines, rows)
        if row.cost is None and line.results[0].curve
    ]
    if unmeasured:
        sentences.append(
            f"Costs of {', '.join(unmeasured)}: not measured; ngn-compare "
            "measures them where it finds the trials."
        )
    sentences += accumulation_sentences(lines)
    return sentences


def accumulation_sentences(lines: Sequence[Line]) -> list[str]:
    """Return which specs trained on parts of batches, for want of memory."""
    sentences = []
    for line in lines:
        parts = [int(result.cost.get("batch_parts") or 1) for result in line.results]
        if max(parts, default=1) > 1:
            cut = sum(part > 1 for part in parts)
            sentences.append(
                f"{line.spec}: whole batches did not fit into the memory in {cut} of "
                f"{plural(len(parts), 'trial')}; gradients of up to {max(parts)} "
                "parts of each were added up before each step. The effective batch "
                "is the same, but batch normalization saw each part alone."
            )
    return sentences


def noise_sentences(rows: Sequence[CostRow]) -> list[str]:
    """Return which specs were measured while other processes worked."""
    noisy = [row for row in rows if row.cost is not None and row.cost.noisy]
    if not noisy:
        return []
    costs = [row.cost for row in noisy if row.cost is not None]
    most = max(cost.others or 0.0 for cost in costs)
    spread = max(cost.spread for cost in costs)
    turns = f" (turns differ by up to {spread:.0%})" if spread else ""
    names = ", ".join(row.spec for row in noisy)
    return [
        f"Noisy: other processes kept up to {most:.1f} cores busy while {names} "
        f"{'was' if len(noisy) == 1 else 'were'} measured{turns}; --costs fresh "
        "measures again on a quiet machine."
    ]


def _where(places: Sequence[Hardware]) -> str:
    if len(places) == 1:
        return f", on {places[0].words()}"
    named = (f"{chr(ord('A') + i)}: {p.words()}" for i, p in enumerate(places))
    return f" ({'; '.join(named)})"


def _paired(
    lines: Sequence[Line], rows: Sequence[CostRow]
) -> Iterator[tuple[Line, CostRow]]:
    by_spec = {row.spec: row for row in rows}
    for line in lines:
        yield line, by_spec[line.spec]
