"""`ngn.compare`: what `ngn-compare` does, on names or on objects in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ngn_core.api.keywords import (
    OnBadStructure,
    ProtocolName,
    WantedCosts,
    check_choices,
    choose_protocol,
    several,
    table_of,
    yaml_text,
)
from ngn_core.dataset.dataset import DatasetTable, Per, Transform
from ngn_core.dataset.rows import OnDisorder
from ngn_core.errors import NGNError

if TYPE_CHECKING:
    from ngn_core.experiment.result import Result
    from ngn_core.summary.comparison import ComparisonTable as ComparisonTable


@dataclass(frozen=True, repr=False)
class Comparison:
    """What a comparison found; shows itself as its tables, in a notebook as HTML.

    Attributes:
        tables: one a target, with specs, scores, verdicts and costs.
    """

    tables: tuple[ComparisonTable, ...]

    @property
    def results(self) -> list[Result]:
        """Return the trials of all tables, as they are stored."""
        lines = [line for table in self.tables for line in table.lines]
        return [result for line in lines for result in line.results]

    def report(self, folder: str | Path) -> Path:
        """Write the report in every format, and return its page, `report.html`.

        Args:
            folder: is made where there is none.
        """
        from ngn_core.report.files import write_report
        from ngn_core.summary.summary import summarize

        return write_report(summarize(self.tables), Path(folder))[0]

    def __repr__(self) -> str:
        """Return sentences and table of each target, as the terminal shows them."""
        from ngn_core.report.notebook import summary_as_text
        from ngn_core.summary.summary import summarize

        return summary_as_text(summarize(self.tables))

    def _repr_html_(self) -> str:
        """Return sentences and table of each target, for a notebook."""
        from ngn_core.report.notebook import summary_as_notebook
        from ngn_core.summary.summary import summarize

        return summary_as_notebook(summarize(self.tables))


def compare(
    specs: str | Path | Sequence[str | Path],
    data: str | Path | DatasetTable | Sequence[Any] = "emt_alloys",
    values: Sequence[Any] | Mapping[str, Sequence[Any]] | None = None,
    *,
    target: str | Sequence[str] | None = None,
    unit: str | None = None,
    per: Per | None = None,
    task: Literal["regression", "binary"] | None = None,
    positive: str | float | bool | None = None,
    transform: Transform | None = None,
    reference: Literal["none", "composition"] | None = None,
    where: Mapping[str, Any] | None = None,
    all_rows: bool = False,
    group: str | None = None,
    declaration: str | Path | None = None,
    state: str | None = None,
    limit: int | None = None,
    split: str | Path | None = None,
    folds: int | None = None,
    by: str | None = None,
    holdout: float | None = None,
    on_bad_structure: OnBadStructure = "error",
    on_disorder: OnDisorder = "error",
    seeds: int = 1,
    protocol: ProtocolName = "own",
    epochs: int | None = None,
    budget: str | None = None,
    learning_rates: Sequence[float] | None = None,
    trials: int | None = None,
    space: str | Path | None = None,
    set: Mapping[str, Any] | None = None,
    sweep: Mapping[str, Sequence[Any]] | None = None,
    device: str = "auto",
    costs: WantedCosts = "missing",
    margin: float = 0.05,
    baseline: str | None = None,
    all_pairs: bool = False,
    out: str | Path = "runs",
    fresh: bool = False,
    cache: str | Path | None = None,
    jobs: int = 1,
    plugin: str | Path | Sequence[str | Path] = (),
    verbose: bool = False,
) -> Comparison:
    """Train specs on the same crystals and folds, and compare their accuracy and cost.

    Each keyword but `verbose` is a flag of `ngn-compare` and means the same. Trials
    are stored in `out`, and the same call computes only what is missing there; the
    commands find them too: `ngn report runs`, `ngn predict runs`.

    Args:
        specs: names of shipped specs or files, several or one.
        data: what `--dataset` names, a table (see `open_dataset`), or n pymatgen
            Structures, ASE Atoms or Crystals, mixed as you like.
        values: [n], what is predicted of the structures, or several columns by name;
            only beside structures.
        target: column to predict, or several, a table each; None: the declared one.
            Where `values` are one column, its name.
        unit: of the target, as tables print it.
        per: what the target is counted by.
        task: None: as the values say.
        positive: value that counts as 1, all others as 0.
        transform: what is trained on in place of the target.
        reference: `composition`: train on what is not linear in the composition.
        where: by column, the value, or values, of the rows that are taken.
        all_rows: take also rows that are not surely those of a MatBench task.
        group: column whose rows of one value no fold parts.
        declaration: file, in place of the dataset.yaml beside the data.
        state: column that the global state starts from.
        limit: crystals of a seeded sample.
        split: how folds are made, `kfold:5` say, or a file of ids.
        folds: how many, where the data has no official ones.
        by: what the crystals of a group share; no fold parts a group.
        holdout: share of the crystals that no trial sees.
        on_bad_structure: what becomes of structures that cannot be used.
        on_disorder: what becomes of partly occupied or shared sites.
        seeds: trials a fold.
        protocol: how the training of each spec is chosen.
        epochs: short for a budget of so many epochs.
        budget: of every trial, `epochs=N`, `steps=N` or `seconds=S`, or of the whole
            call, `3m` say.
        learning_rates: what the protocol `equal` picks from.
        trials: of each study of the protocol `tuned`.
        space: file with what the protocol `tuned` searches.
        set: value by key, over each spec's own: `{"train.batch_size": 32}`.
        sweep: values by key: `{"graph.edges.neighbors": [4, 8, 12]}`; a grid.
        device: auto, cpu, cuda or cuda:1.
        costs: which are measured after the trials.
        margin: share of the error within which specs are equivalent.
        baseline: spec that the others are compared with; None: the best.
        all_pairs: compare every pair of specs as well.
        out: folder of results.
        fresh: compute stored results again.
        cache: folder of graphs; None: the user's.
        jobs: processes that build graphs; more than one only where Python can import
            the main module again.
        plugin: file with components, or several.
        verbose: whether progress is shown, on standard error.

    Raises:
        NGNError: for anything that is wrong before the first trial. A trial that fails
            is named under its table.
    """
    from ngn_core.comparison.open_run import open_run
    from ngn_core.comparison.request import Request
    from ngn_core.comparison.session import compare as run_comparison
    from ngn_core.dataset.declaration import DeclarationFlags
    from ngn_core.dataset.split_choice import SplitChoice
    from ngn_core.experiment.reporter import SilentReporter
    from ngn_core.packed.cache import default_cache
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.report.progress import Progress
    from ngn_core.statistics.verdict_options import VerdictOptions
    from ngn_core.training.denormals import denormals_flushed

    check_choices(
        protocol=(protocol, ProtocolName),
        on_bad_structure=(on_bad_structure, OnBadStructure),
        on_disorder=(on_disorder, OnDisorder),
        costs=(costs, WantedCosts),
    )
    names = tuple(map(str, several(specs)))
    if not names:
        raise NGNError("specs: expected one or more")
    targets = several(target)
    request = Request(
        specs=names,
        dataset=table_of(data, values, targets),
        targets=targets,
        flags=DeclarationFlags(
            declaration=None if declaration is None else Path(declaration),
            unit=unit,
            per=per,
            task=task,
            positive=None if positive is None else yaml_text(positive),
            transform=transform,
            reference=reference,
            where=tuple(
                f"{key}={yaml_text(one)}" for key, one in (where or {}).items()
            ),
            group=group,
            all_rows=all_rows,
        ),
        split=SplitChoice(None if split is None else str(split), folds, by, holdout),
        limit=limit,
        state=state,
        on_bad_structure=on_bad_structure,
        on_disorder=on_disorder,
        seeds=seeds,
        epochs=epochs,
        budget=budget,
        protocol=choose_protocol(protocol, learning_rates, trials, space),
        assignments=tuple(
            f"{key}={yaml_text(one)}" for key, one in (set or {}).items()
        ),
        sweeps=tuple(
            f"{key}={','.join(map(yaml_text, some))}"
            for key, some in (sweep or {}).items()
        ),
        device=device,
        costs=costs,
        verdict_options=VerdictOptions(margin, baseline, all_pairs),
        out=Path(out),
        fresh=fresh,
        cache=default_cache() if cache is None else Path(cache),
        jobs=jobs,
        plugins=tuple(map(Path, several(plugin))),
    )
    registry = collect(plugin_manager(request.plugins))
    with denormals_flushed():
        if not verbose:
            run = open_run(request, registry, SilentReporter())
            return Comparison(tuple(run_comparison(request, run)))
        with Progress() as progress:
            run = open_run(request, registry, progress)
            return Comparison(tuple(run_comparison(request, run)))
