"""What a comparison will take, on the terminal."""

from __future__ import annotations

from ngn_core.comparison.estimate import Estimate, SpecEstimate, duration, size
from ngn_core.report.fitting import print_sheet
from ngn_core.report.numbers import counted
from ngn_core.report.sheet import Sheet
from ngn_core.report.terminal import wide


def print_estimate(estimate: Estimate) -> None:
    """Print the table."""
    print_sheet(wide(), estimate_sheet(estimate))


def estimate_sheet(estimate: Estimate) -> Sheet:
    """Return the table: a row for each spec, and one for the whole."""
    rows = tuple(_row(spec) for spec in estimate.specs)
    whole = (
        "whole",
        f"{sum(spec.work.trials for spec in estimate.specs):,}",
        "",
        *(
            duration(sum(getattr(spec, name) for spec in estimate.specs))
            for name in ("graphs", "training", "pass_")
        ),
        duration(estimate.seconds),
        _size(estimate.memory),
        size(estimate.disk),
    )
    return Sheet(
        f"{estimate.dataset}: {estimate.target}, "
        f"{counted(estimate.crystals, 'crystal')}, "
        f"{counted(estimate.n_folds, 'fold')}, {counted(estimate.seeds, 'seed')}",
        (
            "spec",
            "trials",
            "epochs",
            "graphs",
            "training",
            "costs",
            "time",
            "memory",
            "disk",
        ),
        1,
        (rows, (whole,)),
        " ".join(_sentences(estimate)),
        frozenset({"whole"}),
    )


def _row(spec: SpecEstimate) -> tuple[str, ...]:
    return (
        spec.work.spec,
        f"{spec.work.trials:,}",
        f"{spec.work.epochs:,}",
        duration(spec.graphs),
        duration(spec.training),
        duration(spec.pass_),
        duration(spec.seconds),
        _size(spec.memory),
        size(spec.disk),
    )


def _sentences(estimate: Estimate) -> list[str]:
    sentences = [
        f"From a few batches on {estimate.place.words()}; one trial after another, all "
        "epochs to the end. The whole has the reading of the data "
        f"({duration(estimate.reading)}) with it, and in its memory the process and "
        "all graphs; the search for duplicates comes on top."
    ]
    if estimate.device_memory is not None:
        sentences.append(
            f"Of the GPU's memory about {size(estimate.device_memory)} are needed."
        )
    stored = sum(spec.work.stored for spec in estimate.specs)
    if stored:
        verb = "is" if stored == 1 else "are"
        sentences.append(f"{counted(stored, 'more trial')} {verb} stored already.")
    if estimate.noisy:
        sentences.append(
            f"Other processes kept {estimate.others:.1f} cores busy: on a quiet "
            "machine it is faster."
        )
    return sentences


def _size(mebibytes: float | None) -> str:
    return "-" if mebibytes is None else size(mebibytes)
