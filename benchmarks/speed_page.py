"""Write `docs/speed.md` from `speed.json`, `roofline.json` and `otherwise.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from speed_table import row, table

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "speed.md"

TEXT = """\
{table}
Our sides run as a command runs them: the optimizer fused, freed memory kept for the
next step, numbers too small for full precision taken as 0. Peers run as their packages
do, with torch's or TensorFlow's Adam. CGCNN and Matformer are their authors' own code.

## Beside the machine's limit

Made by `python benchmarks/roofline.py` with batches of {batch}. The bound is the time
that the products of a step take at the rate of one large product, plus the time that
the bytes of everything else take at the rate of one large copy, as if nothing stayed in
a cache; a step that keeps its tensors there can be faster than that.

{roofline}

## Ways that were tried

Made by `python benchmarks/otherwise.py` with batches of {batch}: how many times faster
than the way taken is a network compiled by torch, are two trials at once with a thread
each, and are five trials as one batched ensemble, whose stacked weights `torch.func`
maps over. The last is its best case, with the same crystals for all five.

{otherwise}

Compiled steps fuse what lies between the products and lose the sums over bags of rows;
on a CPU they are not offered, nor are trials as one ensemble. Trials side by side are:
`--executor local`.

The numbers are `speed.json`, `roofline.json` and `otherwise.json` in
`benchmarks/results`. On other machines: the scripts that made them, then
`python benchmarks/speed_page.py`. No GPU was at hand: there are no figures of one.
"""

OTHERWISE = (
    "network",
    "step, ms",
    "compiled",
    "first compiled step, s",
    "two trials at once",
    "five trials as one",
)

HEAD = (
    "network",
    "threads",
    "step, ms",
    "GFLOP",
    "products alone, ms",
    "other bytes alone, ms",
    "bound, % of the step",
    "inside products, %",
    "most of the rest",
)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    speed = json.loads((RESULTS / "speed.json").read_text("utf-8"))
    found = json.loads((RESULTS / "roofline.json").read_text("utf-8"))
    tried = json.loads((RESULTS / "otherwise.json").read_text("utf-8"))
    ways = [row(OTHERWISE), row(["---"] * len(OTHERWISE))]
    ways += map(way, tried, tried.values())
    lines = [row(HEAD), row(["---"] * len(HEAD)), *map(line, found, found.values())]
    (batch,) = {one["batch"] for one in found.values()}
    return TEXT.format(
        table=table(speed),
        roofline="\n".join(lines),
        otherwise="\n".join(ways),
        batch=batch,
    )


def line(name: str, one: Mapping[str, Any]) -> str:
    """Return what a network's step is beside its bound."""
    rest = [key for key in one["most"] if "mm" not in key][:3]
    shares = (f"{key} {100 * one['most'][key]:.0f} %" for key in rest)
    return row(
        [
            name.rpartition(" ")[0],
            str(one["environment"]["threads"]),
            f"{one['step_ms']:.0f}",
            f"{one['gigaflops']:.1f}",
            f"{one['products_bound_ms']:.0f}",
            f"{one['others_bound_ms']:.0f}",
            f"{100 * one['bound_over_step']:.0f}",
            f"{100 * one['products_over_step']:.0f}",
            ", ".join(shares),
        ]
    )


def way(name: str, one: Mapping[str, Any]) -> str:
    """Return what other ways to train are beside the one that is taken."""
    compiled, pair, ensemble = one["compiled"], one["side_by_side"], one["as_one"]
    return row(
        [
            name,
            f"{1e3 * compiled['step']:.0f}",
            f"{compiled['step'] / compiled['compiled']:.2f}",
            f"{compiled['first']:.0f}",
            f"{pair['one by one'] / pair['at once']:.2f}",
            f"{ensemble['one by one'] / ensemble['as one']:.2f}",
        ]
    )


if __name__ == "__main__":
    main()
