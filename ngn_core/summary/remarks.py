"""The sentences over and under a comparison."""

from __future__ import annotations

from ngn_core.summary.comparison import ComparisonTable
from ngn_core.summary.leakage import leakage_sentence
from ngn_core.summary.numbers import plural
from ngn_core.summary.protocol import protocol_sentences


def heading(table: ComparisonTable) -> str:
    """Return the sentence over a table."""
    unknown = ("", "?") if table.task == "binary" else ("",)
    unit = "" if table.unit in unknown else f", {table.unit}"
    aside = f", {plural(table.held_out, 'crystal')} held out" if table.held_out else ""
    target = f"{table.target} ({table.task}{unit})"
    crystals = plural(table.crystals, "crystal")
    if table.benchmark is not None and table.crystals < table.benchmark_rows:
        told = f"part of {table.benchmark}: {table.crystals:,} of "
        told += f"{plural(table.benchmark_rows, 'crystal')}; {target}"
    else:
        told = f"{table.dataset}: {target}, {crystals}"
    return (
        f"{told}, {plural(table.n_folds, 'fold')} ({table.fold_source}){aside}, "
        f"{plural(table.seeds, 'seed')}"
    )


def remarks(table: ComparisonTable) -> list[str]:
    """Return the sentences under a table."""
    sentences = [
        "Scores are mean ± standard deviation over trials (ddof 0).",
        *protocol_sentences(table.lines),
        *table.notes,
    ]
    if table.leakage is not None and not table.leakage.leaks:
        sentences.append(leakage_sentence(table.leakage))
    for skipped in table.skipped:
        sentences.append(f"Skipped {skipped.id} ({skipped.where}): {skipped.reason}")
    for failure in table.failures:
        trial = failure.trial
        sentences.append(
            f"Failed: {trial.spec.name}, fold {trial.fold}, seed {trial.seed}: "
            f"{failure.reason}"
        )
    return sentences
