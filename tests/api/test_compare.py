"""`ngn.compare`: the command's comparison, on names or on objects in memory."""

import inspect
import json
from html.parser import HTMLParser

import pytest

import ngn
from ngn_core.cli.compare import main, parser

SMALL = {"network.blocks.0.repeat": 1, "network.embed.node.width": 8}
QUICK = {"costs": "none", "device": "cpu"}

OF_THE_COMMAND = {
    "against",
    "address",
    "benchmark",
    "leaderboard",
    "dataset",
    "devices",
    "executor",
    "executor_option",
    "help",
    "log",
    "max_time",
    "shard",
    "trials_only",
    "version",
}
"""Flags that `ngn.compare` has not: what runs elsewhere, or stands beside."""


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def salts():
    """Twelve crystals of a size each, and how large they are."""
    sides = [3.0 + 0.2 * step for step in range(12)]
    cells = [[[side, 0, 0], [0, side, 0], [0, 0, side]] for side in sides]
    metals = ("Li", "Na", "K", "Rb")
    crystals = [
        ngn.from_arrays(cell, [metals[place % 4], "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]])
        for place, cell in enumerate(cells)
    ]
    return crystals, [side**3 for side in sides]


def test_its_keywords_are_the_flags_of_the_command():
    flags = {
        option[2:].replace("-", "_")
        for action in parser()._actions
        for option in action.option_strings
        if option.startswith("--")
    }
    keywords = {
        name
        for name, one in inspect.signature(ngn.compare).parameters.items()
        if one.kind is one.KEYWORD_ONLY
    }
    assert keywords - {"verbose"} == flags - OF_THE_COMMAND


def test_its_trials_are_those_of_the_command(capsys):
    found = ngn.compare("cgcnn", limit=20, epochs=1, set=SMALL, **QUICK)
    text = json.dumps(SMALL)[1:-1].replace('"', "").replace(": ", "=")
    assignments = [f"--set={one}" for one in text.split(", ")]
    call = ["cgcnn", "--limit", "20", "--epochs", "1", "--costs", "none", *assignments]
    assert main([*call, "--device", "cpu"]) == 0
    assert "5 of 5 trials are stored already" in capsys.readouterr().err
    assert len(found.results) == 5


def test_it_shows_itself_as_its_table(salts, capsys):
    crystals, volumes = salts
    found = ngn.compare(
        ["cgcnn", "baselines/mean"],
        crystals,
        volumes,
        target="volume",
        unit="Å3",
        folds=3,
        epochs=1,
        **QUICK,
    )
    assert capsys.readouterr() == ("", "")
    lines = repr(found).splitlines()
    heading = "structures: volume (regression, Å3), 12 crystals, 3 folds (grouped by"
    assert lines[0].startswith(heading)
    for spec in ("CGCNN", "Mean"):
        assert any(line.strip().startswith(spec) for line in lines)
    assert len(lines) < 30
    cells = cells_of(found._repr_html_())
    assert {"CGCNN", "Mean"} <= set(cells)
    assert any(cell.startswith("MAE") for cell in cells)


def cells_of(html):
    """Return the texts of a table's cells; every tag that opens is closed."""
    cells, opened = [], []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            opened.append(tag)
            if tag in ("td", "th"):
                cells.append("")

        def handle_endtag(self, tag):
            assert opened.pop() == tag

        def handle_data(self, data):
            if opened and opened[-1] in ("td", "th"):
                cells[-1] += data

    Reader().feed(html)
    assert not opened
    return cells


def test_several_columns_of_values_are_several_tables(salts, tmp_path):
    crystals, volumes = salts
    values = {"volume": volumes, "side": [volume ** (1 / 3) for volume in volumes]}
    names = ["side", "volume"]
    found = ngn.compare(
        "baselines/mean", crystals, values, target=names, by="formula", folds=3, **QUICK
    )
    assert [table.target for table in found.tables] == names
    assert "side (regression" in repr(found)
    assert "volume (regression" in repr(found)
    page = found.report(tmp_path / "report")
    assert page.name == "report.html"
    assert page.exists()
    with pytest.raises(ngn.NGNError, match="columns of numbers are volume, side"):
        ngn.compare("baselines/mean", crystals, values, **QUICK)


def test_a_table_can_be_opened_changed_and_compared_on():
    table = ngn.open_dataset("emt_alloys")
    assert len(table.rows) == 1047
    assert len(repr(table)) < 1000
    found = ngn.compare("baselines/mean", table, limit=30, **QUICK)
    assert found.tables[0].crystals == 30


def test_rows_and_sweeps_are_said_as_plain_data():
    found = ngn.compare(
        "cgcnn",
        limit=20,
        epochs=1,
        set=SMALL,
        sweep={"graph.edges.neighbors": [6, 8]},
        **QUICK,
    )
    assert len(found.tables[0].lines) == 2


def test_progress_is_shown_where_it_is_asked_for(salts, capsys):
    ngn.compare("baselines/mean", *salts, folds=3, verbose=True, **QUICK)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Mean target fold 0 seed 0" in printed.err


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"protocol": "equall"}, "protocol='equall': expected own or equal or tuned"),
        ({"on_disorder": "skp"}, "on_disorder='skp': expected error or skip or"),
        ({"trials": 5}, "trials: nothing reads it under protocol='own'"),
        ({"values": [1.0]}, "values: only structures in memory have values"),
        ({"data": ["NaCl"]}, "values: expected those of the structures"),
        ({"data": ["NaCl"], "values": [1.0]}, "found str; expected a pymatgen"),
        ({"specs": []}, "specs: expected one or more"),
        ({"where": {"tier": "A"}}, "tier"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence(wrong, sentence):
    with pytest.raises(ngn.NGNError, match=sentence):
        ngn.compare(**{"specs": "baselines/mean", **QUICK, **wrong})


def test_files_with_components_are_read():
    with pytest.raises(ngn.NGNError, match="nowhere.py"):
        ngn.open_dataset("emt_alloys", plugin="nowhere.py")
    with pytest.raises(ngn.NGNError, match="nowhere.py"):
        ngn.compare("cgcnn", plugin=["nowhere.py"], **QUICK)
