"""What is in a dataset in words, the same for terminal and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ngn_core.summary.leakage import leakage_sentence
from ngn_core.summary.numbers import plural

if TYPE_CHECKING:
    from ngn_core.inspection.survey import Survey
    from ngn_core.inspection.surveyed_target import TargetSurvey


def heading(found: Survey) -> str:
    """Return name and number of rows."""
    return f"{found.name}: {plural(found.rows.total, 'row')}"


def facts(found: Survey) -> list[tuple[str, str]]:
    """Return what is said of the dataset, each with its name."""
    rows = found.rows
    used = rows.total - len(rows.bad) - rows.held_out
    left = [f"{plural(used, 'crystal')} surveyed"]
    if rows.held_out:
        left.append(f"{rows.held_out:,} held out")
    if rows.bad:
        left.append(f"{len(rows.bad):,} that cannot be used")
    if rows.disordered:
        left.append(f"{len(rows.disordered):,} of the surveyed disordered")
    if rows.identical:
        left.append(f"{plural(len(rows.identical), 'group')} of identical ones")
    said = [("rows", "; ".join(left))]
    if found.target is not None:
        said.append(("target", _target(found.target)))
    if found.n_folds:
        low, high = min(found.fold_sizes), max(found.fold_sizes)
        sizes = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        said.append(
            (
                "folds",
                f"{found.n_folds} ({found.fold_source}), test parts of {sizes} "
                "crystals",
            )
        )
    said.append(("elements", _elements(found)))
    for duplicates in found.duplicates:
        across = (
            f", {duplicates.across:,} of them across folds" if found.n_folds else ""
        )
        said.append(
            (
                f"{duplicates.duplicate} duplicates",
                f"{plural(sum(len(g.ids) for g in duplicates.groups), 'crystal')} in "
                f"{plural(len(duplicates.groups), 'group')}; "
                f"{plural(duplicates.pairs, 'pair')}{across}",
            )
        )
    if found.leakage is not None:
        said.append(("leakage", leakage_sentence(found.leakage)))
    said += [("remark", remark) for remark in found.remarks]
    return said + ([("note", found.note)] if found.note else [])


def _target(target: TargetSurvey) -> str:
    per = "" if target.per is None else f", per {target.per}"
    transform = (
        "" if target.transform == "none" else f", trained on its {target.transform}"
    )
    if target.task == "binary":
        share = target.distribution.mean
        return f"{target.name} (binary), {share:.1%} positive"
    return f"{target.name} [{target.unit}] (regression{per}{transform})"


def _elements(found: Survey) -> str:
    most = list(found.elements.items())
    named = ", ".join(f"{symbol} {count:,}" for symbol, count in most[:12])
    rest = f", and {len(most) - 12} more" if len(most) > 12 else ""
    return f"{len(most)}: {named}{rest}"
