"""Write `docs/speed.md` from what `speed.py` and `roofline.py` measured."""

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
## Beside the machine's limit

Made by `python benchmarks/roofline.py` with one thread, batches of {batch}. The bound
is the time that the products of a step take at the rate of one large product, plus the
time that the bytes of everything else take at the rate of one large copy, as if nothing
stayed in a cache; a step that keeps its tensors there can be faster than that.

{roofline}

The numbers are `speed.json` and `roofline.json` in `benchmarks/results`. On other
machines: `python benchmarks/speed.py`, `python benchmarks/roofline.py`, then
`python benchmarks/speed_page.py`. No GPU was at hand: there are no figures of one.
"""

HEAD = (
    "network",
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
    lines = [row(HEAD), row(["---"] * len(HEAD)), *map(line, found, found.values())]
    (batch,) = {one["batch"] for one in found.values()}
    return TEXT.format(table=table(speed), roofline="\n".join(lines), batch=batch)


def line(name: str, one: Mapping[str, Any]) -> str:
    """Return what a network's step is beside its bound."""
    rest = [key for key in one["most"] if "mm" not in key][:3]
    shares = (f"{key.removeprefix('aten::')} {one['most'][key]:.0%}" for key in rest)
    return row(
        [
            name,
            f"{one['step_ms']:.0f}",
            f"{one['gigaflops']:.1f}",
            f"{one['products_bound_ms']:.0f}",
            f"{one['others_bound_ms']:.0f}",
            f"{100 * one['bound_over_step']:.0f}",
            f"{100 * one['products_over_step']:.0f}",
            ", ".join(shares),
        ]
    )


if __name__ == "__main__":
    main()
