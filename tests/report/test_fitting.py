"""Tables on narrow terminals: words stay whole, what matters least is left out."""

import pytest
from rich.console import Console

from ngn_core.report.fitting import fitted, print_sheet
from ngn_core.report.sheet import Sheet

SHEET = Sheet(
    "",
    ("spec", "no structure duplicate", "edges [/crystal]", "parameters"),
    1,
    ((("cogn[neighbors=4]", "0.1234", "12.4", "1,234"),),),
    least=("parameters", "no structure duplicate"),
)


def printed(width, capsys):
    print_sheet(Console(width=width), SHEET)
    return capsys.readouterr().out


def test_a_wide_terminal_has_titles_in_one_line(capsys):
    sheet, headings = fitted(SHEET, 80)
    assert sheet == SHEET
    assert headings == (
        "spec",
        "no structure duplicate",
        "edges\n[/crystal]",
        "parameters",
    )
    assert "no structure duplicate" in printed(80, capsys)


@pytest.mark.parametrize(
    ("width", "columns", "lines"),
    [(60, 4, 2), (57, 4, 3), (56, 3, 2), (46, 3, 3), (40, 2, 2)],
)
def test_titles_break_before_columns_go(width, columns, lines, capsys):
    sheet, headings = fitted(SHEET, width)
    assert len(sheet.columns) == len(headings) == columns
    assert max(heading.count("\n") + 1 for heading in headings) == lines
    out = printed(width, capsys)
    for word in ("cogn[neighbors=4]", "[/crystal]"):
        assert word in out
    assert max(map(len, out.splitlines())) <= width


def test_what_nothing_makes_fit_is_folded_and_not_cut(capsys):
    out = printed(20, capsys)
    assert "…" not in out
    assert "".join(out.split()).count("12.4") == 1
