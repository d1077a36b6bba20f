"""Tables as LaTeX, with booktabs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ngn_core.report.sheet import Sheet

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


def sheet_as_latex(sheet: Sheet, label: str) -> str:
    """Return a `table` environment, which needs the package booktabs."""
    kinds = "l" * sheet.left + "r" * (len(sheet.columns) - sheet.left)
    bodies = [
        "\n".join(_line(row, row[0] in sheet.marked) for row in group)
        for group in sheet.groups
    ]
    body = "\n\\midrule\n".join(bodies)
    note = f" {as_latex(sheet.note)}" if sheet.note else ""
    return (
        "\\begin{table}\n\\centering\n"
        f"\\caption{{{as_latex(sheet.title)}.{note}}}\n\\label{{{label}}}\n"
        f"\\begin{{tabular}}{{@{{}}{kinds}@{{}}}}\n\\toprule\n"
        f"{_line(sheet.columns, False)}\n\\midrule\n{body}\n\\bottomrule\n"
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
