"""What a comparison will take, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngn_core.report.console import wide
from ngn_core.report.formats.terminal import print_table
from ngn_core.summary.numbers import format_duration, memory, plural
from ngn_core.summary.typed_table import Row, TableColumn, TypedTable

if TYPE_CHECKING:
    from ngn_core.comparison.estimate import Estimate, SpecEstimate

_TIMES = ("graphs", "training", "pass_")


def print_estimate(estimate: Estimate) -> None:
    """Print the table."""
    print_table(wide(), estimate_table(estimate))


def estimate_table(estimate: Estimate) -> TypedTable:
    """Return the table: a row for each spec, and one for the whole."""
    specs = estimate.specs
    whole = (
        "whole",
        sum(spec.work.trials for spec in specs),
        "",
        *(sum(getattr(spec, name) for spec in specs) for name in _TIMES),
        estimate.seconds,
        estimate.memory,
        estimate.disk,
    )
    return TypedTable(
        "estimate",
        f"{estimate.dataset}: {estimate.target}, "
        f"{plural(estimate.crystals, 'crystal')}, "
        f"{plural(estimate.n_folds, 'fold')}, {plural(estimate.seeds, 'seed')}",
        (
            TableColumn("spec", "spec"),
            TableColumn("trials", "trials", kind="count"),
            TableColumn("epochs", "epochs", kind="count"),
            TableColumn("graphs", "graphs", kind="duration"),
            TableColumn("training", "training", kind="duration"),
            TableColumn("costs", "costs", kind="duration"),
            TableColumn("time", "time", kind="duration"),
            TableColumn("memory", "memory", kind="memory"),
            TableColumn("disk", "disk", kind="memory"),
        ),
        (tuple(map(_row, specs)), (whole,)),
        " ".join(_sentences(estimate)),
        frozenset({"whole"}),
    )


def _row(spec: SpecEstimate) -> Row:
    return (
        spec.work.spec,
        spec.work.trials,
        spec.work.epochs,
        *(getattr(spec, name) for name in _TIMES),
        spec.seconds,
        spec.memory,
        spec.disk,
    )


def _sentences(estimate: Estimate) -> list[str]:
    sentences = [
        f"From a few batches on {estimate.place.words()}; one trial after another, "
        "all epochs to the end. The whole has the reading of the data "
        f"({format_duration(estimate.reading)}) with it, and in its memory the process "
        "and all graphs; the search for duplicates comes on top."
    ]
    if estimate.device_memory is not None:
        sentences.append(
            f"Of the GPU's memory about {memory(estimate.device_memory)} are needed."
        )
    stored = sum(spec.work.stored for spec in estimate.specs)
    if stored:
        verb = "is" if stored == 1 else "are"
        sentences.append(f"{plural(stored, 'more trial')} {verb} stored already.")
    if estimate.noisy:
        sentences.append(
            f"Other processes kept {estimate.others:.1f} cores busy: on a quiet "
            "machine it is faster."
        )
    return sentences
