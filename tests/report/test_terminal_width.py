"""Tables on narrow terminals: words stay whole, what matters least is left out."""

import pytest
from rich.console import Console

from ngn_core.report.formats.terminal import fit_width, print_table
from ngn_core.summary.typed_table import TableColumn, TypedTable

TABLE = TypedTable(
    "made",
    "",
    (
        TableColumn("spec", "spec"),
        TableColumn("duplicate", "no structure duplicate", kind="score", priority=1),
        TableColumn("edges", "edges", "/crystal", "quantity"),
        TableColumn("parameters", "parameters", kind="count", priority=2),
    ),
    ((("cogn[neighbors=4]", 0.1234, 12.4, 1234),),),
)


def printed(width, capsys):
    print_table(Console(width=width), TABLE)
    return capsys.readouterr().out


def test_a_wide_terminal_has_titles_in_one_line(capsys):
    table, headings = fit_width(TABLE, 80)
    assert table == TABLE
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
    table, headings = fit_width(TABLE, width)
    assert len(table.columns) == len(headings) == columns
    assert max(heading.count("\n") + 1 for heading in headings) == lines
    out = printed(width, capsys)
    for word in ("cogn[neighbors=4]", "[/crystal]"):
        assert word in out
    assert max(map(len, out.splitlines())) <= width


def test_what_nothing_makes_fit_is_folded_and_not_cut(capsys):
    out = printed(20, capsys)
    assert "…" not in out
    assert "".join(out.split()).count("12.4") == 1
