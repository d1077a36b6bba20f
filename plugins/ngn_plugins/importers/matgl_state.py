"""The global state of matgl's MEGNet: none, numbers, or a label with an embedding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import ngn_core.api as ngn


def state_embedding(config: ngn.Config) -> dict[str, Any]:
    """Return the embedding of the global state: a label's row, or numbers."""
    width, names = config["dim_state_embedding"], labels(config)
    if names:
        return {"use": "label", "labels": names, "width": width}
    return {"use": "constant", "values": config.get("default_state") or [0.0] * width}


def labels(config: ngn.Config) -> list[str]:
    """Return the labels of an integer state, in order; none where it has numbers.

    Their names stand under `state_labels`, listed or each with its number; without
    names they are called by their numbers.
    """
    count = (config.get("ntypes_state") or 0) if config["include_state"] else 0
    names: Any = config.get("state_labels") or range(count)
    if isinstance(names, Mapping):
        names = sorted(names, key=lambda name: names[name])
    if len(names) != count:
        raise ValueError(f"state_labels: {len(names)} names; ntypes_state is {count}")
    return [str(name) for name in names]


def split_key(key: str) -> tuple[str, str]:
    """Return what a key of `output` holds, and the label that it is of, if any."""
    for what in ("prediction", "normalised"):
        if key.startswith(what):
            return what, key.removeprefix(what).strip("_/:. ")
    return "prediction", key


def label_numbers(key: str, case: ngn.Case, config: ngn.Config) -> Sequence[int]:
    """Return the label of each number under a key of `output`.

    All of them where there are several numbers; else the one that the key names, the
    case has, or the configuration has by default.
    """
    count = len(case["output"][key])
    if count > 1:
        return range(count)
    named = split_key(key)[1]
    if named:
        return [_number(named, config)]
    own = state_of(case)
    if own is None:
        default = config.get("default_state")
        own = default if isinstance(default, int | str) else 0
    return [_number(own, config)]


def state_of(case: ngn.Case) -> Any:
    """Return the state that a case was computed with; None where it names none."""
    holders = (case, case["graph"], case["structure"])
    states = (holder.get(key) for holder in holders for key in ("state", "state_attr"))
    return next((state for state in states if state is not None), None)


def _number(label: Any, config: ngn.Config) -> int:
    """Return the number of a label: of its name, or the number itself."""
    if isinstance(label, list) and len(label) == 1:
        (label,) = label
    names = labels(config)
    if str(label) in names:
        return names.index(str(label))
    found = re.fullmatch(r"(?:state|label)?[_ ]?(\d+)(?:\.0)?", str(label))
    if found is None or int(found[1]) >= len(names):
        raise ValueError(f"the state {label!r} is none of {', '.join(names)}")
    return int(found[1])
