"""A comparison for a paper: figures, table, methods, references, and what they are of.

Figures are drawn by matplotlib: plotly's own static pictures need a Chrome beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ngn_core.errors import NGNError
from ngn_core.report.bibliography import METHODS, as_bibtex
from ngn_core.report.files import summary_as_latex
from ngn_core.report.methods import methods_as_latex
from ngn_core.report.page import write_whole
from ngn_core.report.plot import plot_as_csv
from ngn_core.report.plots import colors_of, plots_of, plots_over
from ngn_core.report.spec_texts import spec_texts
from ngn_core.spec.library import shipped_references
from ngn_core.spec.plain_yaml import read_yaml
from ngn_core.summary.archive import write_archive
from ngn_core.summary.summary import ComparisonSummary


def write_paper(summary: ComparisonSummary, folder: Path) -> list[Path]:
    """Write everything into a folder and return the files.

    `figures/`: each as PDF and SVG at one- and two-column width, with its CSV.
    `tables.tex` (booktabs), `methods.tex`, `refs.bib`, and `archive.tar.xz`, from
    which `ngn report` builds the report again.

    Raises:
        NGNError: where matplotlib is not installed.
    """
    try:
        from ngn_core.report.paper_plot import write_figure
    except ImportError as error:
        raise NGNError(
            f"figures for a paper need matplotlib ({error}): pip install 'ngn[paper]'"
        ) from error
    tables = [found.comparison for found in summary.parts]
    specs = resolved_specs(summary)
    references = {name: said["reference"] for name, said in specs.items()}
    texts = {
        "tables.tex": summary_as_latex(summary),
        "methods.tex": methods_as_latex(tables, specs),
        "refs.bib": as_bibtex({**references, **METHODS}),
    }
    files = []
    for name, text in texts.items():
        write_whole(text, folder / name)
        files.append(folder / name)
    colors = colors_of(summary)
    drawn = {folder / "figures": plots_over(summary, colors)}
    for place, found in enumerate(summary.parts, start=1):
        table = found.comparison
        own = f"{place}_{table.dataset}_{table.target}".replace("/", "_")
        where = folder / "figures" / own if len(tables) > 1 else folder / "figures"
        drawn[where] = [*drawn.get(where, []), *plots_of(found, colors)]
    for where, plots in drawn.items():
        where.mkdir(parents=True, exist_ok=True)
        for plot in plots:
            write_whole(plot_as_csv(plot), where / f"{plot.name}.csv")
            files += [where / f"{plot.name}.csv", *write_figure(plot, where)]
    write_archive(tables, folder / "archive.tar.xz")
    return [*files, folder / "archive.tar.xz"]


def resolved_specs(summary: ComparisonSummary) -> dict[str, dict[str, Any]]:
    """Return what each spec says, by name.

    Of papers that are known by their DOI alone, shipped specs know the rest.
    """
    shipped = shipped_references()
    found = {}
    for name, text in spec_texts(summary).items():
        said = read_yaml(text)[0]
        own = said.get("reference") or {}
        said["reference"] = {**shipped.get(own.get("doi", ""), {}), **own}
        found[name] = said
    return found
