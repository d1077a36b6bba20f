"""What a model says of itself: data, split, scores, hardware, licence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, pstdev

from ngn_core import __version__
from ngn_core.experiment.hardware import hardware
from ngn_core.experiment.result import Result
from ngn_core.prediction.calibrated import Calibrated
from ngn_core.spec.plain_yaml import write_yaml


def model_card(model: Calibrated, data_license: str | None) -> str:
    """Return the card in Markdown, with the Hub's metadata before it."""
    first = model.result
    results = [trained.result for trained in model.trials]
    scores = _scores(results)
    metrics = [
        {"type": name, "name": title, "value": value, "unit": unit}
        for name, title, value, _, unit in scores
    ]
    metadata = {
        "library_name": "ngn",
        "pipeline_tag": "graph-ml",
        "tags": ["ngn", "crystals", "materials-science", first.spec],
        "model-index": [
            {
                "name": first.spec,
                "results": [
                    {
                        "task": {"type": "graph-ml", "name": first.task},
                        "dataset": {"name": first.dataset, "type": first.dataset},
                        "metrics": metrics,
                    }
                ],
            }
        ],
    }
    parts = [
        f"---\n{write_yaml(metadata)}---\n",
        f"# {first.spec}: {first.target} of crystals\n",
        f"Predicts {first.target} [{_unit(model)}] with {_counted(results)}. Written "
        f"by ngn {__version__}.\n",
        "```sh\nngn predict --model DIR structures\n```\n",
        f"## Data\n\n{_data(model, data_license)}",
        f"## Scores on test parts\n\n{_table(scores)}",
        f"## How it was trained\n\n{_training(results)}",
    ]
    return "\n".join(parts)


def _counted(results: Sequence[Result]) -> str:
    folds = len({result.fold for result in results})
    seeds = len({result.seed for result in results})
    return f"{len(results)} networks ({folds} folds, {seeds} seeds)"


def _unit(model: Calibrated) -> str:
    return model.result.unit if model.result.task == "regression" else "probability"


def _data(model: Calibrated, data_license: str | None) -> str:
    first, domain = model.result, model.domain
    facts = first.facts
    lines = [f"- dataset: {first.dataset} (sha256 {first.dataset_digest})"]
    if facts is not None:
        lines.append(f"- split: {first.n_folds} folds, {facts.fold_source}")
    else:
        lines.append(f"- split: {first.n_folds} folds")
    if domain is not None:
        lines += [
            f"- trained on: {domain.crystals:,} crystals in all (sha256 of their ids "
            f"{domain.ids_digest})",
            f"- elements: {', '.join(domain.elements)}",
            f"- volume per atom: {_range(domain.volume)} Å^3",
            f"- shortest bond: {_range(domain.bond)} Å",
        ]
    lines.append(f"- license of the data: {data_license or 'not stated'}")
    return "\n".join(lines) + "\n"


def _range(known: tuple[float, float]) -> str:
    return f"{known[0]:.4g} to {known[1]:.4g}"


def _scores(results: Sequence[Result]) -> list[tuple[str, str, float, float, str]]:
    """Return name, title, mean and deviation over trials, and unit of each score."""
    found = []
    for place, score in enumerate(results[0].scores):
        values = [result.scores[place].value for result in results]
        known = [value for value in values if math.isfinite(value)]
        if known:
            spread = pstdev(known)
            found.append((score.name, score.title, fmean(known), spread, score.unit))
    return found


def _table(scores: Sequence[tuple[str, str, float, float, str]]) -> str:
    lines = [
        "| metric | mean over trials | deviation (ddof 0) | unit |",
        "|---|---:|---:|---|",
    ]
    lines += [
        f"| {title} | {value:.6g} | {spread:.3g} | {unit} |"
        for _, title, value, spread, unit in scores
    ]
    return "\n".join(lines) + "\n"


def _training(results: Sequence[Result]) -> str:
    first = results[0]
    epochs = sorted({result.epochs for result in results})
    machines = dict.fromkeys(hardware(dict(r.environment)) for r in results)
    versions = first.environment["packages"]
    known = ", ".join(f"{name} {value}" for name, value in versions.items() if value)
    sizes = sorted({result.train_size for result in results})
    return (
        f"- epochs: {', '.join(map(str, epochs))}\n"
        f"- crystals a trial is trained on: {', '.join(map(str, sizes))}\n"
        f"- hardware: {'; '.join(machines)}\n"
        f"- versions: {known}\n"
        f"- the architecture and its training: spec.yaml\n"
    )
