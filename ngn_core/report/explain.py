"""Why one spec beats another: on the terminal, as a page, Markdown, JSON and CSV."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngn_core.report.ablation_sentences import cost_sentence, plan_sentences, sentences
from ngn_core.report.console import plain, wide
from ngn_core.report.formats.html import table_as_html
from ngn_core.report.formats.markdown import table_as_markdown
from ngn_core.report.formats.terminal import print_table
from ngn_core.report.page import as_page, write_whole
from ngn_core.report.pictures import pictures_as_html, plotly_program
from ngn_core.report.plot import plot_as_csv
from ngn_core.report.walk_tables import explanation_tables, factors_table, title
from ngn_core.report.waterfall import waterfall

if TYPE_CHECKING:
    from ngn_core.attribution.ablation_plan import AblationPlan
    from ngn_core.attribution.explain import Explanation
    from ngn_core.attribution.plan_cost import PlanCost


def print_walk(plan: AblationPlan, cost: PlanCost) -> None:
    """Print the factors, what cannot be parted, and what training will cost."""
    console = wide()
    print_table(console, factors_table(plan))
    for sentence in [*plan_sentences(plan), cost_sentence(cost)]:
        console.print(plain(sentence))


def print_explanation(found: Explanation) -> None:
    """Print what each factor changes."""
    console = wide()
    for table in explanation_tables(found):
        print_table(console, table)
    console.print()
    for sentence in sentences(found):
        console.print(plain(sentence))


def write_explanation(found: Explanation, folder: Path) -> list[Path]:
    """Write the page, Markdown, JSON, and the waterfall's CSV; return the files."""
    texts = {
        "explanation.html": as_html(found),
        "explanation.md": as_markdown(found),
        "explanation.json": as_json(found),
        "waterfall.csv": plot_as_csv(waterfall(found)),
    }
    for name, text in texts.items():
        write_whole(text, folder / name)
    return [folder / name for name in texts]


def as_html(found: Explanation) -> str:
    """Return the page; nothing in it is loaded from anywhere."""
    items = "\n".join(f"<li>{escape(sentence)}</li>" for sentence in sentences(found))
    told = f'<ul class="summary">\n{items}\n</ul>'
    picture = pictures_as_html([waterfall(found)], "explain")
    tables = [*explanation_tables(found), factors_table(found.plan)]
    drawn = map(table_as_html, tables)
    body = "\n".join([plotly_program(), told, picture, *drawn])
    return as_page(title(found), body)


def as_markdown(found: Explanation) -> str:
    """Return everything but the picture."""
    told = "\n".join(f"- {sentence}" for sentence in sentences(found))
    parts = [*explanation_tables(found), factors_table(found.plan)]
    tables = "\n".join(map(table_as_markdown, parts))
    return f"## {title(found)}\n\n{told}\n\n{tables}"


def as_json(found: Explanation) -> str:
    """Return everything that was found, as JSON."""
    plan = found.plan
    data: dict[str, Any] = {
        "title": title(found),
        "first": plan.first,
        "last": plan.last,
        "factors": [
            {"factor": one.name, "differences": list(map(asdict, one.differences))}
            for one in plan.hybrids.factors
        ],
        "merges": list(map(asdict, plan.hybrids.merges)),
        "matched": list(map(asdict, plan.matched)),
        "orders": plan.orders,
        "sentences": sentences(found),
        **asdict(found.attribution),
    }
    return json.dumps(data, indent=1, ensure_ascii=False)
