"""The structure tasks of MatBench, loaded through the matbench package."""

from __future__ import annotations

import difflib
import re
import sys
from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import ngn_core.api as ngn
from ngn_plugins.datasets.source import path_of

if TYPE_CHECKING:
    from matbench.task import MatbenchTask

_STRUCTURE_TASKS = (
    "matbench_dielectric",
    "matbench_jdft2d",
    "matbench_log_gvrh",
    "matbench_log_kvrh",
    "matbench_mp_e_form",
    "matbench_mp_gap",
    "matbench_mp_is_metal",
    "matbench_perovskites",
    "matbench_phonons",
)
_COMPOSITION_TASKS = (
    "matbench_expt_gap",
    "matbench_expt_is_metal",
    "matbench_glass",
    "matbench_steels",
)
_UNITS = {"unitless": "", "cm^-1": "1/cm", "eV/unit cell": "eV/cell"}
_FOLD = "fold"


class MatBench(ngn.Dataset):
    """The nine MatBench v0.1 tasks that have structures, with their official folds.

    A target is called as the package calls it, with `_` for what is no letter, digit
    or underscore: `last phdos peak` is `last_phdos_peak`, `log10(K_VRH)` is
    `log10_K_VRH`.
    """

    name: ClassVar[str] = "matbench"
    description: ClassVar[str] = (
        "a MatBench task by name with its official folds: "
        + ", ".join(_STRUCTURE_TASKS)
    )

    @classmethod
    def opens(cls, source: str) -> bool:  # noqa: D102
        path = path_of(source)
        named = re.fullmatch(r"matbench_\w+", source) is not None
        return named and path is not None and not path.exists()

    def load(self, source: str) -> ngn.DatasetTable:  # noqa: D102
        _check_name(source)
        with redirect_stdout(sys.stderr):  # matbench and matminer print what they do
            task = _task(source)
        frame = task.df
        folds = _folds(task)
        target = re.sub(r"\W+", "_", str(task.metadata.target)).strip("_")
        rows = [
            ngn.Row(
                name,
                f"{source}:{name}",
                partial(ngn.from_pymatgen, structure),
                {target: value, _FOLD: folds[name]},
            )
            for name, structure, value in zip(
                frame.index,
                frame[task.metadata.input_type],
                frame[task.metadata.target].tolist(),
                strict=True,
            )
        ]
        return ngn.DatasetTable(source, rows, {target: _target(task.metadata)})


def _check_name(source: str) -> None:
    if source in _COMPOSITION_TASKS:
        raise ngn.DatasetError(
            f"{source}: this MatBench task holds compositions, not crystals; the tasks "
            f"with crystals are {', '.join(_STRUCTURE_TASKS)}"
        )
    if source not in _STRUCTURE_TASKS:
        close = difflib.get_close_matches(source, _STRUCTURE_TASKS, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise ngn.DatasetError(
            f"{source}: neither a path nor a MatBench task; the tasks with crystals "
            f"are {', '.join(_STRUCTURE_TASKS)}.{hint}"
        )


def _task(source: str) -> MatbenchTask:
    try:
        from matbench.task import MatbenchTask
    except ImportError as error:
        raise ngn.DatasetError(
            f"{source}: MatBench's tasks need the packages matbench and matminer "
            f'({error}). Two commands bring them: `pip install "matminer>=0.9"` and '
            "`pip install --no-deps matbench==0.6`"
        ) from error
    task = MatbenchTask(source, autoload=False)
    try:
        task.load()
    except (OSError, ValueError, EOFError, UserWarning) as error:
        raise ngn.DatasetError(
            f"{source}: matbench could not download or read its file {source}.json.gz: "
            f"{type(error).__name__}: {error}. Where there is no network, put the file "
            "into the folder that the environment variable MATMINER_DATA names, or "
            "give --dataset a local folder with the same data (data.jsonl)"
        ) from error
    return task


def _folds(task: MatbenchTask) -> dict[str, int]:
    """Return the number of the fold in whose test part each id lies."""
    folds = {
        name: number
        for number, key in task.folds_map.items()
        for name in task.validation[key].test
    }
    if set(folds) != set(task.df.index):
        raise ngn.DatasetError(
            f"{task.dataset_name}: the file holds {len(task.df)} rows, MatBench's "
            f"folds name {len(folds)}, not the same; the file is cut off or altered: "
            "remove it and load again"
        )
    return folds


def _target(metadata: Any) -> ngn.Target:
    unit = metadata.unit or ""
    is_binary = metadata.task_type == "classification"
    return ngn.Target(
        unit=_UNITS.get(unit, unit),
        task="binary" if is_binary else "regression",
        folds=_FOLD,
    )
