"""The scores of a table as text, and the sentences over and under it."""

from __future__ import annotations

import math

from ngn_core.report.leakage import leakage_sentence
from ngn_core.report.numbers import counted, factor, spread
from ngn_core.report.protocol import protocol_sentences
from ngn_core.report.sheet import Sheet
from ngn_core.summary.comparison import Column, Line, Table


def scores_sheet(table: Table) -> Sheet:
    """Return the scores; specs that are not separated from the best stand out."""
    elsewhere = any(line.origin != "measured" for line in table.lines)
    columns = [_headed(title_of(one, table), one.unit) for one in table.columns]
    rows = tuple(
        (
            line.spec,
            *([line.origin] if elsewhere else []),
            *(_score(line, column) for column in table.columns),
            str(len(line.results)),
            _range([result.epochs for result in line.results]),
        )
        for line in table.lines
    )
    return Sheet(
        "Scores",
        ("spec", *(["source"] if elsewhere else []), *columns, "trials", "epochs"),
        2 if elsewhere else 1,
        (rows,),
        _note(table),
        frozenset(line.spec for line in table.lines if line.best),
    )


def _note(table: Table) -> str:
    """Return what marks and sources mean."""
    told = []
    if sum(line.best for line in table.lines) > 1:
        told.append("Bold: not separated from the best.")
    if any(line.origin == "leaderboard" for line in table.lines):
        told.append(
            "Published: scores that others told, without predictions; no verdict is "
            "drawn on them."
        )
    return " ".join(told)


def _score(line: Line, column: Column) -> str:
    found = line.scores[column.name]
    if math.isnan(found.mean) and line.origin != "measured":
        return "-"
    told = spread(found.mean, found.std)
    return f"{told} ({factor(found.mean)})" if column.unit == "dex" else told


def title_of(column: Column, table: Table) -> str:
    """Return a metric's title, with the name that the table's benchmark has for it.

    MatBench thresholds the predictions before it takes their ROC-AUC.
    """
    if table.benchmark is not None and column.name == "balanced_accuracy":
        return f"{column.title} (MatBench calls it rocauc)"
    return column.title


def _headed(title: str, unit: str) -> str:
    return f"{title} [{unit}]" if unit else title


def heading(table: Table) -> str:
    """Return the sentence over a table."""
    unknown = ("", "?") if table.task == "binary" else ("",)
    unit = "" if table.unit in unknown else f", {table.unit}"
    aside = f", {counted(table.held_out, 'crystal')} held out" if table.held_out else ""
    target = f"{table.target} ({table.task}{unit})"
    crystals = counted(table.crystals, "crystal")
    if table.benchmark is not None and table.crystals < table.benchmark_rows:
        told = f"part of {table.benchmark}: {table.crystals:,} of "
        told += f"{counted(table.benchmark_rows, 'crystal')}; {target}"
    else:
        told = f"{table.dataset}: {target}, {crystals}"
    return (
        f"{told}, {counted(table.n_folds, 'fold')} ({table.fold_source}){aside}, "
        f"{counted(table.seeds, 'seed')}"
    )


def remarks(table: Table) -> list[str]:
    """Return the sentences under a table."""
    sentences = [
        "Scores are mean ± standard deviation over trials (ddof 0).",
        *protocol_sentences(table),
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


def _range(values: list[int]) -> str:
    low, high = min(values), max(values)
    if high == 0:
        return "-"  # a baseline, or nobody trained it here
    return str(low) if low == high else f"{low}-{high}"
