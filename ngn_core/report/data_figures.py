"""What is in a dataset as plotly figures, in plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ngn_core.inspection.distribution import Distribution
    from ngn_core.inspection.survey import Survey


_BAR = "#3b82c4"
_FRAME = "rgba(128,128,128,0.35)"
_MOST = 40
"""Elements that are drawn."""


def figures(found: Survey) -> list[tuple[str, dict[str, Any]]]:
    """Return a title and a figure for each thing that is drawn."""
    drawn = []
    target = found.target
    if target is not None:
        what = f"{target.name} [{target.unit}]"
        if target.task == "binary":
            share = target.distribution.mean
            count = target.distribution.count
            positive = round(share * count)
            bars = _bars(["0", "1"], [count - positive, positive], "crystals")
            drawn.append((f"Target: {target.name}", bars))
        else:
            drawn.append(("Target", _histogram(target.distribution, what)))
    most = list(found.elements.items())[:_MOST]
    title = "Elements" if len(most) == len(found.elements) else "Most frequent elements"
    drawn.append((title, _bars(*_columns(most), "crystals with the element")))
    drawn.append(("Cells", _histogram(found.sites, "atoms in the given cell")))
    systems = list(found.systems.counts.items())
    drawn.append(("Crystal systems", _bars(*_columns(systems), "crystals")))
    return drawn


def _columns(pairs: list[tuple[str, int]]) -> tuple[list[str], list[int]]:
    return [name for name, _ in pairs], [count for _, count in pairs]


def _histogram(values: Distribution, what: str) -> dict[str, Any]:
    """Return the bars of a histogram, a logarithmic axis where it is needed."""
    edges, counts = values.edges, values.counts
    middles = [(a + b) / 2 for a, b in zip(edges[:-1], edges[1:], strict=True)]
    widths = [b - a for a, b in zip(edges[:-1], edges[1:], strict=True)]
    texts = [
        f"{a:.4g} to {b:.4g}: {count:,}"
        for a, b, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    trace = {
        "type": "bar",
        "x": middles,
        "y": list(counts),
        "width": widths,
        "text": texts,
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": _BAR, "line": {"width": 0}},
    }
    return {"data": [trace], "layout": _layout(what, "crystals", _spans(counts))}


def _spans(counts: tuple[int, ...]) -> bool:
    """Return whether the small bars would not be seen beside the large ones."""
    filled = [count for count in counts if count]
    return len(filled) > 2 and max(filled) > 50 * sorted(filled)[len(filled) // 2]


def _bars(names: list[str], counts: list[int], what: str) -> dict[str, Any]:
    trace = {
        "type": "bar",
        "x": names,
        "y": counts,
        "hovertemplate": "%{x}: %{y:,}<extra></extra>",
        "marker": {"color": _BAR},
    }
    layout = _layout("", what, False)
    layout["xaxis"] |= {"type": "category", "tickangle": 0}
    return {"data": [trace], "layout": layout}


def _layout(across: str, up: str, logarithmic: bool) -> dict[str, Any]:
    axis = {"gridcolor": _FRAME, "linecolor": _FRAME, "zeroline": False}
    return {
        "xaxis": {**axis, "title": {"text": across}, "showgrid": False},
        "yaxis": {
            **axis,
            "title": {"text": up + (" (log)" if logarithmic else "")},
            "type": "log" if logarithmic else "linear",
        },
        "bargap": 0.15,
        "margin": {"l": 60, "r": 20, "t": 20, "b": 45},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "font": {"color": "#888888", "size": 13},
    }
