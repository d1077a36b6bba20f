"""The rows of a table as text, the same for terminal, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ngn_core.compare.comparison import Line, Table
from ngn_core.report.leakage import leakage_sentence
from ngn_core.report.numbers import counted, factor, shown, spread


@dataclass(frozen=True)
class Field:
    """One column of a report: its title, its unit, and its text for a spec."""

    title: str
    unit: str
    text: Callable[[Line], str]

    @property
    def heading(self) -> str:
        """Return the title with the unit."""
        return f"{self.title} [{self.unit}]" if self.unit else self.title


COSTS = (
    ("parameters", "parameters", "", 9),
    ("flops_per_crystal", "FLOPs", "/crystal", 3),
    ("train_seconds", "training", "s/trial", 3),
    ("train_crystals_per_second", "training", "crystals/s", 3),
    ("inference_crystals_per_second", "inference", "crystals/s", 3),
    ("peak_memory_mib", "peak memory", "MiB", 3),
)
"""Name, title, unit and significant digits of each cost."""

SIZES = (
    ("node", "nodes"),
    ("edge", "edges"),
    ("angle", "angles"),
    ("torsion", "torsions"),
)


def score_fields(table: Table) -> list[Field]:
    """Return the columns of the table of scores."""
    fields = [Field("spec", "", lambda line: line.spec)]
    for column in table.columns:

        def text(line: Line, name: str = column.name, unit: str = column.unit) -> str:
            found = line.scores[name]
            told = spread(found.mean, found.std)
            return f"{told} ({factor(found.mean)})" if unit == "dex" else told

        fields.append(Field(column.title, column.unit, text))
    fields.append(Field("trials", "", lambda line: str(len(line.results))))
    epochs = Field("epochs", "", lambda line: _range([r.epochs for r in line.results]))
    return [*fields, epochs]


def cost_fields(table: Table) -> list[Field]:
    """Return the columns of the table of costs."""
    fields = [Field("spec", "", lambda line: line.spec)]
    for name, title, unit, digits in COSTS:

        def text(line: Line, name: str = name, digits: int = digits) -> str:
            return shown(line.cost(name), digits)

        fields.append(Field(title, unit, text))
    for name, title in SIZES:
        if any(line.graph(name) is not None for line in table.lines):

            def size(line: Line, name: str = name) -> str:
                return shown(line.graph(name), 3)

            fields.append(Field(title, "/crystal", size))

    def build(line: Line) -> str:
        seconds = line.graph("build_seconds")
        return shown(None if seconds is None else 1000 * seconds, 3)

    fields.append(Field("graph", "ms/crystal", build))
    return fields


def heading(table: Table) -> str:
    """Return the sentence over a table."""
    unknown = ("", "?") if table.task == "binary" else ("",)
    unit = "" if table.unit in unknown else f", {table.unit}"
    aside = f", {counted(table.held_out, 'crystal')} held out" if table.held_out else ""
    return (
        f"{table.dataset}: {table.target} ({table.task}{unit}), "
        f"{counted(table.crystals, 'crystal')}, {counted(table.n_folds, 'fold')} "
        f"({table.fold_source}){aside}, {counted(table.seeds, 'seed')}"
    )


def remarks(table: Table) -> list[str]:
    """Return the sentences under a table."""
    sentences = [
        "Scores are mean ± standard deviation over trials (ddof 0); costs are from the "
        "trials themselves, on a machine that may have been busy.",
        *table.notes,
    ]
    if table.leakage is not None and not table.leakage.leaks:
        sentences.append(leakage_sentence(table.leakage))
    if table.seeds == 1:
        sentences.append("One seed: the noise of seeds was not measured.")
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
    return str(low) if low == high else f"{low}-{high}"
