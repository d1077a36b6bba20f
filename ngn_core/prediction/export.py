"""Models as folders that travel: in the layout of the Hugging Face Hub."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ngn_core.errors import SpecError, WeightsError
from ngn_core.experiment.result import SPEC, Result, Score
from ngn_core.network.build import build_network
from ngn_core.plugin.registry import Registry
from ngn_core.prediction.applicability_domain import ApplicabilityDomain
from ngn_core.prediction.calibrated import Calibrated
from ngn_core.prediction.ensemble import Trained
from ngn_core.prediction.model_card import model_card
from ngn_core.prediction.safe_weights import read_safetensors, write_safetensors
from ngn_core.spec.load import load_one
from ngn_core.spec.sweep import Point
from ngn_core.statistics.residuals import read_residuals, write_residuals

FORMAT = 1
CONFIG, TENSORS, RESIDUALS, CARD = (
    "config.json",
    "model.safetensors",
    "residuals.csv",
    "README.md",
)


def export(model: Calibrated, out: Path, data_license: str | None = None) -> None:
    """Write a model into a new folder, whole or not at all.

    `config.json` holds what trials say of themselves: target, scaling, scores,
    versions, hardware; `model.safetensors` the weights of all of them, each name after
    `fold0.seed0.`; `residuals.csv` their out-of-fold errors. The crystals that were
    trained on are not in it, but for what they span and the digest of their ids.

    Args:
        model: with its trials.
        out: the folder; there is none yet.
        data_license: of the data, for the card.

    Raises:
        WeightsError: where the folder is there.
        OSError: where it cannot be written.
    """
    if out.exists():
        raise WeightsError(f"{out}: is there already; expected a new folder")
    partial = out.with_name(f"{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    first = model.result
    config = {
        "ngn_model": FORMAT,
        "spec": first.spec,
        "dataset": first.dataset,
        "target": first.target,
        "unit": first.unit,
        "task": first.task,
        "training": None if model.domain is None else model.domain.plain(),
        "trials": [_plain(trained.result) for trained in model.trials],
    }
    text = json.dumps(config, indent=1, ensure_ascii=False)
    (partial / CONFIG).write_text(text + "\n", encoding="utf-8")
    (partial / SPEC).write_text(first.written, encoding="utf-8")
    tensors = {
        f"{_prefix(trained.result)}{name}": value
        for trained in model.trials
        for name, value in trained.network.state_dict().items()
    }
    write_safetensors(tensors, partial / TENSORS)
    write_residuals(model.residuals, partial / RESIDUALS)
    card = model_card(model, data_license)
    (partial / CARD).write_text(card, encoding="utf-8")
    partial.rename(out)


def read_exported(folder: Path, registry: Registry) -> Calibrated:
    """Return the model in a folder that `export` wrote; no code of it is run.

    Raises:
        WeightsError: where it is damaged, or another kind of folder.
    """
    config = _config(folder)
    try:
        spec = load_one(str(folder / SPEC), registry)
    except SpecError as error:
        raise WeightsError(
            f"{folder}: its spec cannot be read; where it uses a component of a file, "
            f"give the same --plugin FILE as in the comparison\n{error}"
        ) from error
    tensors = read_safetensors(folder / TENSORS)
    written = (folder / SPEC).read_text(encoding="utf-8")
    try:
        plain = config["training"]
        domain = None if plain is None else ApplicabilityDomain.read(plain)
        results = [_result(trial, written) for trial in config["trials"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WeightsError(
            f"{folder / CONFIG}: damaged ({type(error).__name__}: {error}); expected "
            "it as ngn export wrote it"
        ) from error
    trials = []
    for result in results:
        prefix = _prefix(result)
        own = {
            name.removeprefix(prefix): value
            for name, value in tensors.items()
            if name.startswith(prefix)
        }
        network = build_network(spec)
        try:
            network.load_state_dict(own)
        except RuntimeError as error:
            raise WeightsError(
                f"{folder / TENSORS}: the weights under {prefix} are not those of "
                f"{folder / SPEC} ({error})"
            ) from error
        trials.append(Trained(result, spec, network))
    if not trials:
        raise WeightsError(f"{folder / CONFIG}: holds no trial; expected one or more")
    residuals = read_residuals(folder / RESIDUALS)
    return Calibrated(results[0].spec, trials, residuals, domain)


def _config(folder: Path) -> dict[str, Any]:
    """Return what `config.json` holds.

    Raises:
        WeightsError: where it is no model's.
    """
    file = folder / CONFIG
    expected = "expected a folder that ngn export wrote"
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WeightsError(f"{file}: {error.strerror}; {expected}") from error
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{file}: no JSON ({error}); {expected}") from error
    if not isinstance(config, dict) or config.get("ngn_model") != FORMAT:
        found = config.get("ngn_model") if isinstance(config, dict) else None
        raise WeightsError(
            f"{file}: found ngn_model {found!r}, not {FORMAT}; {expected} (published "
            "weights go with --weights)"
        )
    return config


def _prefix(result: Result) -> str:
    return f"fold{result.fold}.seed{result.seed}."


def _plain(result: Result) -> dict[str, Any]:
    """Return what a trial says of itself, without crystals and curves."""
    plain = asdict(replace(result, facts=None))
    for apart in ("predictions", "curve", "written", "facts"):
        del plain[apart]
    return plain


def _result(plain: dict[str, Any], written: str) -> Result:
    scores = tuple(Score(**score) for score in plain["scores"])
    point = None if plain["point"] is None else Point(**plain["point"])
    apart: dict[str, Any] = {"predictions": (), "curve": (), "written": written}
    return Result(**{**plain, "scores": scores, "point": point, **apart})
