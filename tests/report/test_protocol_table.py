"""The table of trainings, from results alone."""

from __future__ import annotations

from dataclasses import replace

from ngn_core.report.formats.cell_text import cell_text
from ngn_core.summary.protocol import protocol_sentences, protocol_table
from ngn_core.summary.remarks import remarks
from ngn_core.summary.tables import ReportOptions, tables_of

GRID = (1e-4, 1e-3, 1e-2)


def record(fold, rate, protocol="equal", saw=False):
    candidates = [{"lr": one, "score": 1.0 + abs(one - rate)} for one in GRID]
    choice = {"candidates": candidates, "chosen": {"lr": rate}, "seconds": 2.0}
    return {
        "protocol": protocol,
        "budget": "epochs=4",
        "rows": {"train": 40 + fold, "inner": 4, "test": 12},
        "loss": "mae",
        "batch_size": 64,
        "epochs": 4,
        "steps": 4,
        "optimizer": "adam",
        "lr": rate,
        "schedule": "cosine",
        "choice": choice if protocol == "equal" else None,
        "saw_labels": saw,
    }


def table_of(made_results, registry, recorded):
    results = [replace(one, training=recorded(one)) for one in made_results]
    [table] = tables_of(results, registry, ReportOptions())
    return table


def test_rows_loss_steps_and_rate_of_each_spec_are_shown(made_results, registry):
    def recorded(result):
        return record(result.fold, 1e-2 if result.fold == 2 else 1e-3)

    table = table_of(made_results, registry, recorded)
    trained = protocol_table(table.lines)
    [rows] = trained.groups
    assert {row[0] for row in rows} == {"good <1>", "near", "far"}
    for row in rows:
        heads = [column.title for column in trained.columns]
        shown = dict(zip(heads, map(cell_text, row, trained.columns), strict=True))
        assert shown["train rows"] == "40-44"
        assert (shown["inner rows"], shown["test rows"]) == ("4", "12")
        assert (shown["loss"], shown["epochs"], shown["steps"]) == ("mae", "4", "4")
        assert (shown["choice trials"], shown["learning rate"].count(",")) == ("15", 1)
    [sentence] = protocol_sentences(table.lines)
    assert "choosing took 45 trials and 30" in sentence  # 3 specs x 5 folds x 2 s
    assert "good <1> (fold 2)" in sentence.partition("end of the grid")[2]
    assert sentence in remarks(table)


def test_labels_that_a_selection_saw_are_named_by_fold(made_results, registry):
    def recorded(result):
        saw = result.spec == "near" and result.fold in (1, 3)
        return record(result.fold, 1e-3, "own", saw)

    sentences = protocol_sentences(table_of(made_results, registry, recorded).lines)
    assert len(sentences) == 2
    assert sentences[1].startswith("near: selection saw these labels on folds 1, 3;")


def test_results_without_a_record_have_no_table(comparison):
    lines = comparison.parts[0].comparison.lines
    assert protocol_table(lines) is None
    assert protocol_sentences(lines) == []
