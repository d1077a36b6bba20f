"""Verdicts as text."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import numpy as np
import pytest

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.report.formats.csv_file import tables_as_csv
from ngn_core.report.formats.json_file import as_json, table_as_plain
from ngn_core.statistics.verdicts import (
    Errors,
    Interval,
    Pair,
    Probabilities,
    RequiredSamples,
    VarianceComponents,
    Verdicts,
)
from ngn_core.summary.noise import noise_table
from ngn_core.summary.numbers import format_percent
from ngn_core.summary.ranks import ranked_tasks
from ngn_core.summary.ranks_table import ranks_table
from ngn_core.summary.verdict_sentences import (
    decision,
    pair_sentence,
    verdict_sentences,
)
from ngn_core.summary.verdicts import all_pairs_table, verdicts_table

PAIR = Pair(
    spec="B",
    other="A",
    outcome="worse",
    folds=5,
    score=0.33,
    other_score=0.30,
    difference=0.03,
    better="lower",
    error=0.30,
    margin=0.015,
    interval=Interval(0.02, 0.04),
    equivalence=Interval(0.022, 0.038),
    t=4.5,
    p=0.01,
    holm=0.02,
    holm_all=0.03,
    bootstrap=Interval(0.024, 0.036),
    probabilities=Probabilities(0.001, 0.019, 0.98),
    win_rate=0.25,
    required=None,
    missing=(),
)


def verdicts(*pairs, **changes):
    values = {
        "metric": "MAE",
        "unit": "eV",
        "better": "lower",
        "baseline": "A",
        "chosen": True,
        "margin": 0.05,
        "pairs": pairs or (PAIR,),
        "all_pairs": (),
        "noise": {spec: VarianceComponents(0.01, None, 1) for spec in "ABC"},
        "errors": {"A": Errors(0.1, 0.2, 3)},
        "grouped": True,
        "best": ("A",),
    }
    return Verdicts(**{**values, **changes})


def texts(table):
    """Return what people read of the rows."""
    seen = table.seen()
    return [tuple(map(cell_text, row, seen.columns)) for row in seen.rows]


def test_a_row_has_the_shares_of_the_others_error():
    sheet = verdicts_table(verdicts())
    (row,) = texts(sheet)
    assert row == (
        "B",
        "worse",
        "+10 %",
        "+6.7 % to +13 %",
        "+7.3 % to +13 %",
        "0.020",
        "+8 % to +12 %",
        "0.00",
        "0.02",
        "0.98",
        "25%",
    )
    assert "given these trained models" in sheet.note
    assert "grouped by formula" in sheet.note


def test_a_score_that_should_be_high_is_told_as_what_it_lacks():
    pair = replace(PAIR, better="higher", difference=-0.01, error=0.1)
    found = verdicts(pair, better="higher", metric="ROC-AUC")
    sheet = verdicts_table(found)
    assert "1 - ROC-AUC" in sheet.title
    assert texts(sheet)[0][2] == "+10 %"
    assert texts(sheet)[0][3] == "-40 % to -20 %"


def test_sentence_of_a_separated_pair():
    assert pair_sentence(PAIR, verdicts()) == (
        "B is worse than A: MAE higher by 10 % (95 % interval +6.7 % to +13 %; "
        "corrected t 4.50 over 5 folds, Holm p 0.020)."
    )


def test_sentence_of_an_equivalent_pair():
    pair = replace(
        PAIR,
        outcome="equivalent",
        difference=0.003,
        equivalence=Interval(-0.003, 0.006),
    )
    assert pair_sentence(pair, verdicts(pair)) == (
        "B and A are equivalent within 5 %: MAE higher by 1 % (90 % interval -1 % to "
        "+2 %)."
    )


def test_sentence_of_an_undecided_pair_never_calls_it_a_tie():
    pair = replace(
        PAIR,
        outcome="undecided",
        holm=0.3,
        required=RequiredSamples(None, None, seeds_known=True, folds_open=False),
        missing=(3,),
    )
    sentence = pair_sentence(pair, verdicts(pair))
    assert sentence.startswith("B and A: undecided; MAE higher by 10 %")
    assert "No number of seeds would decide: the folds differ too much" in sentence
    assert sentence.endswith("Without fold 3, on which one of them has no score.")
    for word in ("tie", "equal", "significant"):
        assert word not in sentence


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        (
            RequiredSamples(7, None, True, False),
            "about 7 seeds a fold would decide; the",
        ),
        (RequiredSamples(7, None, False, False), "7 seeds a fold or more would"),
        (RequiredSamples(None, None, False, True), "no number of folds would"),
        (RequiredSamples(None, 9, True, True), "about 9 folds would (--folds 9)"),
    ],
)
def test_what_would_decide(needed, said):
    assert said in decision(needed)


def test_one_fold_is_said_to_have_no_interval():
    pair = replace(
        PAIR, outcome="undecided", folds=1, interval=None, equivalence=None, t=None
    )
    pair = replace(pair, p=None, holm=None, holm_all=None, probabilities=None)
    found = verdicts(pair, best=("A", "B"))
    first, second = verdict_sentences(found)
    assert first.startswith("One fold: there is no interval")
    assert second == "B and A: undecided; MAE higher by 10 % on one fold, no interval."
    assert texts(verdicts_table(found))[0][4] == "-"


def test_the_best_is_flattered_where_it_was_chosen_among_three():
    third = replace(PAIR, spec="C", holm_all=0.2)
    sentences = verdict_sentences(verdicts(PAIR, third))
    assert "for all 3 pairs, 1 of 2 separations from it stay" in sentences[-1]
    named = verdicts(PAIR, third, chosen=False)
    assert not any("chosen" in one for one in verdict_sentences(named))
    assert not any("chosen" in one for one in verdict_sentences(verdicts()))


def test_seed_noise_that_was_not_measured_is_said():
    sheet = noise_table(verdicts(), "AB", "eV")
    assert [row[-1] for row in texts(sheet)] == ["not measured"] * 2
    assert "Seed noise not measured" in sheet.note
    assert texts(sheet)[0][:4] == ("A", "0.1000", "-", "20%")
    assert texts(sheet)[1][:4] == ("B", "-", "25%", "-")


def test_json_has_no_number_that_json_lacks():
    pair = replace(PAIR, t=math.inf, error=0.0)
    table = verdicts_table(verdicts(pair))
    text = as_json(table_as_plain(table))
    (row,) = json.loads(text)["rows"]
    assert "Infinity" not in text
    assert row["t"] is None
    assert row["relative"] is None


def test_each_row_of_the_csv_has_the_ends_of_the_intervals():
    for table in (
        verdicts_table(verdicts()),
        all_pairs_table(verdicts(all_pairs=(PAIR,))),
    ):
        (row,) = csv.DictReader(io.StringIO(tables_as_csv([({}, table)])))
        assert (row["spec"], row["other"], row["unit"]) == ("B", "A", "eV")
        assert (row["low_95"], row["high_95"]) == ("0.02", "0.04")
        assert float(row["relative_95_low"]) == pytest.approx(0.02 / 0.3)
        assert (row["p_better"], row["holm_p_all_pairs"]) == ("0.001", "0.03")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.063, "+6.3 %"), (-0.126, "-13 %"), (0.05, "+5 %"), (math.nan, "undefined")],
)
def test_percent(share, text):
    assert format_percent(share) == text


def test_no_pairs_are_no_sentences_and_no_sheet():
    found = verdicts(best=("A",))
    found = replace(found, pairs=())
    assert verdict_sentences(found) == []
    assert verdicts_table(found) is None


def test_all_pairs_are_a_sheet_of_their_own():
    assert all_pairs_table(verdicts()) is None
    sheet = all_pairs_table(verdicts(all_pairs=(PAIR, PAIR)))
    assert len(sheet.groups[0]) == 2
    assert "all 2 pairs" in sheet.note


def test_ranks_are_told_and_tested_from_six_tasks_on():
    errors = np.tile([1.0, 2.0, 3.0, 4.0], (12, 1))
    tasks = [str(number) for number in range(12)]
    sheet = ranks_table(ranked_tasks(tasks, "abcd", errors))
    assert texts(sheet)[0][:3] == ("a", "1.00", "1")
    assert "critical difference of mean ranks 1.35" in sheet.note
    assert "Not separated: a, b; b, c; c, d." in sheet.note
    few = ranks_table(ranked_tasks(tasks[:5], "abcd", errors[:5], ("e",)))
    assert few.note.startswith("Not tested: that takes 6 tasks")
    assert few.note.endswith("no score of them: e.")
