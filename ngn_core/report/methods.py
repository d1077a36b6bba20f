"""A paragraph on what was compared and how, for a paper, from the resolved specs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ngn_core.report.bibliography import METHODS, TEST, citation_keys
from ngn_core.report.formats.latex import as_latex
from ngn_core.summary.comparison import ComparisonTable
from ngn_core.summary.numbers import plural


def methods_as_latex(
    tables: Sequence[ComparisonTable], specs: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return paragraphs: the data, each spec, and how they were compared.

    Args:
        tables: what was compared.
        specs: what each says, resolved, by name.
    """
    references = {name: said.get("reference") or {} for name, said in specs.items()}
    keys = citation_keys({**references, **METHODS})
    parts = [" ".join(_data(table) for table in tables)]
    rounded = _rounded(tables)
    parts += [
        _spec(name, said, keys.get(name), rounded.get(name, []))
        for name, said in specs.items()
    ]
    parts.append(_statistics(tables, keys[TEST]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _data(table: ComparisonTable) -> str:
    unit = f", {as_latex(table.unit)}" if table.unit not in ("", "?") else ""
    specs = ", ".join(as_latex(line.spec) for line in table.lines)
    return (
        f"{plural(len(table.lines), 'model').capitalize()} ({specs}) "
        f"{'was' if len(table.lines) == 1 else 'were'} tested on "
        f"{as_latex(table.dataset)} ({as_latex(table.target)}{unit}; "
        f"{plural(table.crystals, 'crystal')}) in "
        f"{plural(table.n_folds, 'fold')} ({as_latex(table.fold_source)}) with "
        f"{plural(table.seeds, 'seed')} a fold."
    )


def _rounded(tables: Sequence[ComparisonTable]) -> dict[str, list[bool]]:
    """Return of each spec's trials whether their matrix products were rounded."""
    found: dict[str, list[bool]] = {}
    for line in (line for table in tables for line in table.lines):
        trained = [result.training for result in line.results if result.training]
        rounded = [bool(training.get("rounded")) for training in trained]
        found.setdefault(line.spec, []).extend(rounded)
    return found


def _spec(
    name: str, said: Mapping[str, Any], key: str | None, rounded: Sequence[bool]
) -> str:
    cited = f"~\\cite{{{key}}}" if key else ""
    head = f"\\textbf{{{as_latex(name)}}}{cited}: "
    if "estimator" in said:
        return f"{head}{_component(said['estimator'])}."
    graph, network, train = said["graph"], said["network"], said["train"]
    sentences = [
        f"Graphs of the {as_latex(str(graph['cell']))} cell, edges by "
        f"{_component(graph['edges'])}, symmetry {as_latex(str(graph['symmetry']))}, "
        f"symprec {graph['symprec']:g} \\AA{{}}",
        *(f"pairs of edges by {_component(pair)}" for pair in graph["nest"]),
        "; ".join(_block(block) for block in network["blocks"]),
        f"readout {_component(network['readout'])}",
        *([f"head {_component(network['head'])}"] if network["head"] else []),
        _training(train, rounded),
    ]
    return head + "; ".join(sentences) + "."


def _block(block: Mapping[str, Any]) -> str:
    own = {key: value for key, value in block.items() if key not in ("nest", "repeat")}
    text = f"{plural(block.get('repeat', 1), 'block')} of {_component(own)}"
    nest = block.get("nest")
    if nest:
        inner = {key: value for key, value in nest.items() if key != "on"}
        text += f", each with nested on its {nest['on']} {_block(inner)}"
    return text


def _training(train: Mapping[str, Any], rounded: Sequence[bool]) -> str:
    schedule = train.get("schedule")
    parts = [
        f"trained for {plural(train['epochs'], 'epoch')} in batches of "
        f"{_batch(train)} by {_component(train['optimizer'])}",
        f"schedule {_component(schedule)}" if schedule else "",
        f"loss {_component(train['loss'])}",
        f"gradient norm at most {train['gradient_clip']:g}"
        if train["gradient_clip"]
        else "",
        f"{train['validation']:.0%} of the training part kept for validation".replace(
            "%", r"\%"
        )
        if train["validation"]
        else "",
        f"stopped after {plural(train['patience'], 'epoch')} without a better "
        "validation loss"
        if train["patience"]
        else "",
        f"tested with a running mean of the weights, decay {train['average']:g} a step"
        if train["average"]
        else "",
        _products(train["precision"], rounded),
    ]
    return ", ".join(part for part in parts if part)


def _products(precision: str, rounded: Sequence[bool]) -> str:
    """Return in what the matrix products were, by what was measured in the trials."""
    if precision == "float32":
        return ""
    if all(rounded):
        return f"matrix products in {precision}"
    if not any(rounded):
        return (
            f"matrix products in float32 ({precision} was asked for, and the hardware "
            "does not round)"
        )
    return (
        f"matrix products in {precision} in {sum(rounded)} of "
        f"{plural(len(rounded), 'trial')}, in float32 in the others, whose hardware "
        "does not round"
    )


def _batch(train: Mapping[str, Any]) -> str:
    size = plural(train["batch_size"], "crystal")
    if train["batch_by"] == "edges":
        return f"about as many edges each, {size} on average,"
    return size


def _component(said: Mapping[str, Any] | str) -> str:
    """Return a component's name and options, those that are components too inside."""
    if not isinstance(said, Mapping):
        return as_latex(str(said))
    options = [
        f"{as_latex(key.replace('_', ' '))} {_value(value)}"
        for key, value in said.items()
        if key != "use" and value is not None
    ]
    name = as_latex(str(said.get("use", "")))
    return f"{name} ({', '.join(options)})" if options else name


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return _component(value)
    if isinstance(value, (list, tuple)):
        return " / ".join(_value(item) for item in value) or "none"
    return as_latex(str(value))


def _statistics(tables: Sequence[ComparisonTable], key: str) -> str:
    verdicts = [table.verdicts for table in tables if table.verdicts is not None]
    if not verdicts:
        return ""
    first = verdicts[0]
    margin = f"{first.margin:.0%}".replace("%", r"\%")
    return (
        f"Differences in {as_latex(first.metric)} between models were judged on fold "
        "means averaged over seeds, by the corrected resampled t interval of Nadeau "
        f"and Bengio~\\cite{{{key}}}: better or worse where its p, "
        "after Holm's correction over the comparisons, is below 0.05, equivalent where "
        f"its 90\\% interval lies within $\\pm${margin}, else undecided."
    )
