"""Tables as LaTeX, with booktabs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.summary.typed_table import TypedTable

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "±": r"$\pm$",
    "Å": r"\AA{}",
    "×": r"$\times$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "Δ": r"$\Delta$",
    "µ": r"$\mu$",
    "²": r"$^2$",
    "³": r"$^3$",
}


def table_as_latex(table: TypedTable, label: str) -> str:
    """Return a `table` environment, which needs the package booktabs."""
    table = table.seen()
    kinds = "".join("l" if column.is_word else "r" for column in table.columns)
    heads = _line([column.heading for column in table.columns], False)
    bodies = [
        "\n".join(
            _line(list(map(cell_text, row, table.columns)), row[0] in table.marked)
            for row in group
        )
        for group in table.groups
    ]
    body = "\n\\midrule\n".join(bodies)
    note = f" {as_latex(table.note)}" if table.note else ""
    return (
        "\\begin{table}\n\\centering\n"
        f"\\caption{{{as_latex(table.title)}.{note}}}\n\\label{{{label}}}\n"
        f"\\begin{{tabular}}{{@{{}}{kinds}@{{}}}}\n\\toprule\n"
        f"{heads}\n\\midrule\n{body}\n\\bottomrule\n"
        "\\end{tabular}\n\\end{table}\n"
    )


def as_latex(text: str) -> str:
    """Return plain text as LaTeX prints it."""
    escaped = "".join(_SPECIAL.get(letter, letter) for letter in text)
    return re.sub(r"(?<![\w-])-(?=\d)", "$-$", escaped)


def _line(cells: Sequence[str], marked: bool) -> str:
    texts = [as_latex(cell) for cell in cells]
    if marked:
        texts = [f"\\textbf{{{text}}}" for text in texts]
    return " & ".join(texts) + r" \\"
