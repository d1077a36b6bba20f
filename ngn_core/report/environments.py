"""What trials ran on and with, as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ngn_core.summary.summary import ComparisonSummary

_TITLES = {
    "cpu": "processor",
    "gpu": "GPU",
    "device": "device",
    "devices": "devices of a trial",
    "cores": "cores",
    "threads": "threads",
    "system": "system",
    "python": "Python",
}


def environment_facts(summary: ComparisonSummary) -> list[tuple[str, str]]:
    """Return hardware and versions; where trials differ, each with its specs."""
    found: dict[str, dict[str, list[str]]] = {}
    for spec, environment in _environments(summary):
        for name, text in _plain(environment):
            specs = found.setdefault(name, {}).setdefault(text, [])
            if spec not in specs:
                specs.append(spec)
    return [(name, _said(texts)) for name, texts in found.items()]


def _environments(
    summary: ComparisonSummary,
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for found in summary.parts:
        for line in found.comparison.lines:
            for result in line.results:
                if result.environment:
                    yield line.spec, result.environment


def _plain(environment: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, title in _TITLES.items():
        if environment.get(key) is not None:
            yield title, str(environment[key])
    for name, version in environment.get("packages", {}).items():
        if version is not None:
            yield name, str(version)


def _said(texts: Mapping[str, Sequence[str]]) -> str:
    if len(texts) == 1:
        return next(iter(texts))
    return "; ".join(f"{text} ({', '.join(specs)})" for text, specs in texts.items())
