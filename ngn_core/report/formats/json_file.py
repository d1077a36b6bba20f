"""Tables as JSON: raw values, and what is not known is null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from ngn_core.statistics.verdicts import Interval
from ngn_core.summary.spread import Spread
from ngn_core.summary.typed_table import Marked, TypedTable


def as_json(value: Any, indent: int = 1) -> str:
    """Return plain values as JSON."""
    return json.dumps(plain_value(value), indent=indent, ensure_ascii=False)


def table_as_plain(table: TypedTable) -> dict[str, Any]:
    """Return everything in a table: its columns, and its rows by their names."""
    return {
        "name": table.name,
        "title": table.title,
        "note": table.note,
        **plain_value(table.facts),
        "columns": [
            {"name": one.name, "title": one.title, "unit": one.unit, "kind": one.kind}
            for one in table.columns
        ],
        "rows": [plain_value(table.by_name(row)) for row in table.rows],
    }


def plain_value(value: Any) -> Any:
    """Return a value as JSON has it; numbers that are not finite are null."""
    match value:
        case Marked(inner, sign):
            return {"value": plain_value(inner), "marked": bool(sign)}
        case Spread(mean, std):
            return {"mean": plain_value(mean), "std": plain_value(std)}
        case Interval(low, high):
            return {"low": plain_value(low), "high": plain_value(high)}
        case Mapping():
            return {key: plain_value(one) for key, one in value.items()}
        case list() | tuple():
            return [plain_value(one) for one in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value
