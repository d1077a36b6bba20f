"""Laws of declarations: read beside the data, said over them, all problems at once."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ngn_core.dataset.dataset import Target
from ngn_core.dataset.declaration import DeclarationFlags
from ngn_core.dataset.declare import declared, open_declared
from ngn_core.dataset.open import default_target
from ngn_core.dataset.select import select
from ngn_core.errors import DatasetError

COLUMNS = {
    "energy": [-8.0, -6.0, -4.5, -3.0, -2.0, -1.5],
    "gap": [0.0, 0.0, 1.5, 2.0, 0.3, 5.0],
    "kind": ["metal", "metal", "insulator", "insulator", "metal", "insulator"],
    "tier": ["A", "A", "B", "A2", "A", "A"],
    "source": ["x", "x", "y", "y", "z", None],
    "flag": [True, False, True, True, False, False],
    "said": ["yes", "no", "yes", "yes", "no", "no"],
    "part": [0, 0, 1, 1, 0, 1],
}


@pytest.fixture
def declare(make_table, tmp_path):
    """Return a function of the text of `dataset.yaml` and of what is said over it."""

    def call(text="", targets=(), table=None, **said):
        if text:
            said["declaration"] = tmp_path / "dataset.yaml"
            said["declaration"].write_text(text)
        made = table or make_table(COLUMNS, {"energy": Target("eV/cell")})
        return declared(made, None, DeclarationFlags(**said), targets)

    return call


def problems(call, *values, **said):
    with pytest.raises(DatasetError) as caught:
        call(*values, **said)
    return str(caught.value).splitlines()


# what is declared ---------------------------------------------------------------------


def test_a_declaration_says_everything_of_a_target(declare):
    table = declare(
        "targets:\n"
        "  e: {column: energy, unit: eV, per: cell, reference: composition,"
        " fold: part}\n"
        "group: source\n"
    )
    assert table.targets["e"] == Target(
        "eV/cell", None, "part", "energy", "cell", reference="composition"
    )
    assert table.group == "source"
    assert default_target(table) == "e"
    found = select(table, "e")
    assert (found.target.name, found.target.unit) == ("e", "eV/cell")
    assert found.target.values.tolist() == COLUMNS["energy"]
    assert found.fold.tolist() == COLUMNS["part"]


def test_what_is_not_declared_stays_as_the_dataset_has_it(make_table, declare):
    table = make_table(COLUMNS, {"energy": Target("eV/cell", "regression", "part")})
    found = declare("targets: {energy: {per: cell}}", table=table)
    assert found.targets["energy"] == Target(
        "eV/cell", "regression", "part", "energy", "cell"
    )


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("{unit: eV, per: atom}", "eV/atom"),
        ("{unit: eV/atom, per: atom}", "eV/atom"),
        ("{unit: eV/unit cell, per: cell}", "eV/unit cell"),
        ("{unit: eV, per: formula_unit}", "eV/formula unit"),
        ("{unit: GPa, per: none}", "GPa"),
        ("{unit: log10(eV), per: atom}", "log10(eV)"),
        ('{unit: "", per: atom}', ""),
        ("{per: none, unit: '?'}", "?"),
    ],
)
def test_the_unit_is_printed_with_what_it_is_per(declare, written, printed):
    table = declare(f"targets: {{gap: {written}}}")
    assert table.targets["gap"].unit == printed


def test_no_declaration_changes_nothing(make_table, declare):
    table = make_table(COLUMNS)
    assert declare(table=table) == table


def test_the_file_is_read_beside_the_data(tmp_path, registry):
    row = {"lattice": np.eye(3).tolist(), "species": ["Na"], "frac": [[0, 0, 0]]}
    lines = [json.dumps({"id": f"{i}", "y": i, "z": 1.0, **row}) for i in range(6)]
    (tmp_path / "data.jsonl").write_text("\n".join(lines))
    (tmp_path / "dataset.yaml").write_text("targets: {y: {unit: K, per: none}}\n")
    for source in (tmp_path, tmp_path / "data.jsonl"):
        table = open_declared(str(source), registry, DeclarationFlags())
        assert table.targets["y"].unit == "K"
        assert default_target(table) == "y"
    elsewhere = tmp_path / "other.yaml"
    elsewhere.write_text("targets: {z: {unit: Pa}}\n")
    table = open_declared(
        str(tmp_path), registry, DeclarationFlags(declaration=elsewhere)
    )
    assert (table.targets["z"].unit, table.targets["y"].unit) == ("Pa", "?")
    absent = DeclarationFlags(declaration=tmp_path / "absent.yaml")
    with pytest.raises(DatasetError, match=r"absent.yaml: .*no readable file"):
        open_declared(str(tmp_path), registry, absent)


# flags --------------------------------------------------------------------------------


def test_flags_override_the_file_for_the_targets_that_are_asked_for(declare):
    text = "targets: {energy: {unit: eV, per: cell}, gap: {unit: eV}}"
    found = declare(text, ["gap"], unit="K", per="none", transform="asinh")
    assert found.targets["gap"] == Target(
        "K", None, None, "gap", "none", transform="asinh"
    )
    assert found.targets["energy"].unit == "eV/cell"
    # without --target they speak of the first declared one
    assert declare(text, unit="meV").targets["energy"].unit == "meV/cell"


def test_a_group_may_be_what_crystals_share(declare):
    assert declare("group: prototype").group == "prototype"
    assert "a column of" in problems(declare, "group: prototyp")[0]


def test_flags_need_no_file(declare):
    table = declare("", ["kind"], positive="metal", where=("tier=[A, B]",))
    assert table.targets["kind"] == Target(
        "?", "binary", None, "kind", positive="metal"
    )
    assert len(table.rows) == 5


def test_a_condition_on_the_command_line_replaces_that_of_its_column(declare):
    text = "where: {tier: A, gap: {max: 1}}"
    assert [row.id for row in declare(text).rows] == ["c0", "c1", "c4"]
    found = declare(text, where=("tier={not: A}", "gap={min: 1}"))
    assert [row.id for row in found.rows] == ["c2", "c3"]


# rows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("{tier: A}", [0, 1, 4, 5]),
        ("{tier: [A, A2]}", [0, 1, 3, 4, 5]),
        ("{tier: {not: A}}", [2, 3]),
        ("{tier: {not: [A, B]}}", [3]),
        ("{gap: 0}", [0, 1]),
        ("{gap: {min: 0.3, max: 2}}", [2, 3, 4]),
        ("{gap: {max: 2, not: 0}}", [2, 3, 4]),
        ("{flag: true}", [0, 2, 3]),
        ("{said: yes, flag: {not: false}}", [0, 2, 3]),
        ("{source: {not: x}}", [2, 3, 4, 5]),  # no value is not x
        ("{source: y}", [2, 3]),
    ],
)
def test_rows_are_kept_as_the_conditions_say(declare, where, kept):
    table = declare(f"where: {where}")
    assert [row.id for row in table.rows] == [f"c{index}" for index in kept]
    assert f"{6 - len(kept)} of 6 rows left out by where:" in table.note
    assert table.note.startswith("a note ")


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("{teir: A}", "found the column 'teir'; .*Did you mean 'tier'?"),
        ("{tier: a}", "found 'a', which no row has; .*'A', 'B', 'A2'.*mean 'A'?"),
        ("{tier: {not: C}}", "found 'C', which no row has"),
        ("{flag: 1}", "found 1, which no row has; .*: true, false"),
        ("{said: true}", "found true, which no row has; .*'yes', 'no'"),
        ("{gap: {mim: 1}}", "the unknown key 'mim'; .*Did you mean 'min'?"),
        ("{gap: {min: low}}", "found 'low'; expected a number"),
        ("{gap: {}}", "found .*; expected a value, a list of values"),
        ("{gap: []}", "expected a value, a list of values"),
        ("{tier: {min: 1}}", "found 'A' in row c0 .*; expected numbers"),
        ("{tier: B, gap: 0}", "no row of 6 that meets tier: 'B' and gap: 0"),
        ("[tier]", "expected a mapping of columns to values"),
    ],
)
def test_conditions_that_cannot_be_met_are_refused(declare, where, sentence):
    (line,) = problems(declare, f"where: {where}")
    assert line.startswith(f"{line.partition('dataset.yaml')[0]}dataset.yaml:1: where")
    with pytest.raises(DatasetError, match=sentence):
        declare(f"where: {where}")


# problems -----------------------------------------------------------------------------


def test_all_problems_are_told_at_once_with_line_key_and_suggestion(declare):
    text = """\
targets:
  energi: {unit: eV, per: cells}
  gap:
    units: eV
    transform: log
    fold: prat
  kind: {positive: metl}
where:
  teir: A
qroup: source
"""
    found = problems(declare, text, ["gap"], reference="compositon", where=("tier",))
    expected = [
        (":2: targets.energi.per: found 'cells'", "Did you mean 'cell'?"),
        (":2: targets.energi: found the column 'energi'", "Did you mean 'energy'?"),
        (":4: targets.gap.units: found the unknown key", "Did you mean 'unit'?"),
        (":5: targets.gap.transform: found 'log'", "none | log10 | log1p | asinh"),
        (":6: targets.gap.fold: found the column 'prat'", "Did you mean 'part'?"),
        (":7: targets.kind.positive: found 'metl'", "Did you mean 'metal'?"),
        (":9: where.teir: found the column 'teir'", "Did you mean 'tier'?"),
        (":10: qroup: found the unknown key 'qroup'", "Did you mean 'group'?"),
        ("--where tier: (flag): found 'tier'", "COLUMN=VALUE"),
        ("--reference compositon: targets.gap.reference", "mean 'composition'?"),
    ]
    assert len(found) == len(expected)
    for line, (begins, ends) in zip(found, expected, strict=True):
        assert begins in line
        assert ends in line


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("{unit: eV/atom, per: cell}", "per: cell beside the unit 'eV/atom'"),
        ("{unit: eV/cell, per: none}", "expected per: cell, or another unit"),
        ("{task: regression, positive: 0}", "regression beside positive: 0"),
        ("{positive: 0, transform: log1p}", "a binary target has no number"),
        ("{task: binary, reference: composition}", "a binary target has no number"),
        ("{transform: log10, reference: composition}", "expected none or asinh"),
        ("{unit: 1}", "found 1; expected text"),
        ("eV", "found 'eV'; expected a mapping"),
    ],
)
def test_what_contradicts_itself_is_refused(declare, written, sentence):
    with pytest.raises(DatasetError, match=sentence):
        declare(f"targets: {{gap: {written}}}")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("targets: [gap]", "targets: found [gap]; expected a mapping"),
        ("targets: {gap: eV}", "targets.gap: found 'eV'; expected a mapping"),
        ("where: tier", "where: found 'tier'; expected a mapping"),
    ],
)
def test_flags_do_not_hide_what_is_wrong_in_the_file(declare, text, key):
    targets = () if "targets" in text else ("gap",)
    (line,) = problems(declare, text, targets, unit="eV", where=("gap={max: 9}",))
    assert key in line


@pytest.mark.parametrize("text", ["- a", "targets: {gap: {unit: eV", "'", "x: *y"])
def test_what_is_no_declaration_is_refused_by_its_place(declare, text):
    with pytest.raises(DatasetError, match=r"dataset\.yaml.*keys targets, where"):
        declare(text)


# values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "positive", "ones"),
    [
        ("kind", "metal", [1, 1, 0, 0, 1, 0]),
        ("gap", "0", [1, 1, 0, 0, 0, 0]),
        ("flag", "false", [0, 1, 0, 0, 1, 1]),
        ("said", "no", [0, 1, 0, 0, 1, 1]),
        ("tier", "A", [1, 1, 0, 0, 1, 1]),
    ],
)
def test_one_value_counts_as_one(declare, column, positive, ones):
    table = declare("", [column], positive=positive)
    found = select(table, column)
    assert found.target.task == "binary"
    assert found.target.values.tolist() == ones


def test_official_folds_hold_for_labels_too(tmp_path, registry, cif):
    lines = ["id,cif,kind,gap,fold"]
    cell = cif.replace('"', '""')
    for index, kind in enumerate(["metal", "insulator"] * 2):
        gap = "missing" if index == 0 else index  # no column of numbers alone
        lines.append(f'c{index},"{cell}",{kind},{gap},{index // 2}')
    (tmp_path / "oxides.csv").write_text("\n".join(lines))
    source = str(tmp_path / "oxides.csv")
    table = open_declared(
        source, registry, DeclarationFlags(positive="metal"), ["kind"]
    )
    assert select(table, "kind").fold.tolist() == [0, 0, 1, 1]
    found = select(table, "gap", on_bad_structure="skip")
    assert found.fold.tolist() == [0, 1, 1]


def test_a_row_without_a_label_is_a_bad_row(declare):
    table = declare("targets: {source: {positive: x}}")
    with pytest.raises(DatasetError, match="c5 .*None; expected a value, 'x' to count"):
        select(table, "source")


@pytest.mark.parametrize("column", ["said", "kind"])
def test_words_are_not_guessed_to_be_labels(declare, make_table, column):
    table = declare(f"targets: {{{column}: {{task: binary}}}}")
    first = COLUMNS[column][0]
    with pytest.raises(DatasetError, match=f"{first}.*; expected 0 or 1 .*positive"):
        select(table, column)
    undeclared = f"{first}.*; expected a number .*positive"
    with pytest.raises(DatasetError, match=undeclared):
        select(make_table(COLUMNS, {}), column)


@pytest.mark.parametrize(
    ("transform", "bad"), [("log10", ["c0", "c1"]), ("log1p", []), ("asinh", [])]
)
def test_a_value_without_a_logarithm_is_a_bad_row(declare, transform, bad):
    table = declare("", ["gap"], transform=transform)
    found = select(table, "gap", on_bad_structure="skip")
    assert [row.id for row in found.skipped] == bad
    for row in found.skipped:
        assert "gap is 0.0; expected more than 0, for its log10 is" in row.reason


def test_a_target_from_python_that_contradicts_itself_is_refused(make_table):
    target = Target(transform="log10", reference="composition")
    with pytest.raises(DatasetError, match="target gap has the transform log10 and"):
        select(make_table(COLUMNS, {"gap": target}), "gap")


def test_numbers_of_zero_and_one_that_are_transformed_are_no_classes(declare):
    assert select(declare("", ["flag"]), "flag").target.task == "binary"
    table = declare("", ["flag"], transform="asinh")
    assert select(table, "flag").target.task == "regression"


def test_a_headerless_table_has_a_target_without_a_unit(tmp_path, registry, cif):
    for name in ("a", "b"):
        (tmp_path / f"{name}.cif").write_text(cif)
    (tmp_path / "id_prop.csv").write_text("a,1.5\nb,2.5\n")
    table = open_declared(str(tmp_path), registry, DeclarationFlags())
    assert (default_target(table), table.targets["target"].unit) == ("target", "?")
    table = open_declared(
        str(tmp_path), registry, DeclarationFlags(unit="eV", per="atom")
    )
    assert select(table, "target").target.unit == "eV/atom"
