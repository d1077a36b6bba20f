"""The commands of SLURM, for one machine: `fake_slurm.py FOLDER COMMAND ARGUMENT...`.

FOLDER holds a folder for each task. A task's time is over, in its first run alone, as
soon as a file matches the pattern in FOLDER/over.
"""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

FOLDER = Path(sys.argv[1])


def sbatch(file):
    text = Path(file).read_text(encoding="utf-8")
    array = re.search(r"--array='?0-(\d+)", text)
    number = 100 + len(list(FOLDER.glob("*.sbatch")))
    (FOLDER / f"{number}.sbatch").write_text(text)
    tasks = range(int(array[1]) + 1) if array else [None]
    for task in tasks:
        name = str(number) if task is None else f"{number}_{task}"
        place = FOLDER / name
        place.mkdir()
        put(place / "state", "PENDING")
        subprocess.Popen(
            [sys.executable, __file__, str(FOLDER), "node", name, file],
            stdin=subprocess.DEVNULL,
            stdout=(place / "log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    print(f"Submitted batch job {number}")


def node(name, file):
    """Run a task, again as often as it is queued again."""
    place = FOLDER / name
    number, _, task = name.partition("_")
    environment = {
        **os.environ,
        "SLURM_JOB_ID": number,
        "SLURM_NTASKS": "1",
        "SLURM_PROCID": "0",
        "FAKE_PLACE": str(place),
    }
    if task:
        environment["SLURM_ARRAY_JOB_ID"] = number
        environment["SLURM_ARRAY_TASK_ID"] = task
    run = 0
    while True:
        run += 1
        put(place / "runs", str(run))
        put(place / "state", "RUNNING")
        shell = subprocess.Popen(["bash", file], env=environment)
        pattern = (FOLDER / "over").read_text().strip().lstrip("/")
        told = run > 1
        while shell.poll() is None:
            if not told and pattern and any(Path("/").glob(pattern)):
                told = True
                send(place, signal.SIGUSR2)
            time.sleep(0.02)
        if not (place / "queued_again").exists():
            break
        (place / "queued_again").unlink()
    cancelled = (place / "cancelled").exists()
    done = "COMPLETED" if shell.returncode == 0 else "FAILED"
    put(place / "state", "CANCELLED" if cancelled else done)


def srun(*arguments):
    """Become the task, with its output in the files that are named."""
    given = list(arguments)
    for name, channel in (("--output", 1), ("--error", 2)):
        place = given.index(name)
        pattern = given[place + 1]
        for key, value in (
            ("%A", os.environ.get("SLURM_ARRAY_JOB_ID", "")),
            ("%a", os.environ.get("SLURM_ARRAY_TASK_ID", "")),
            ("%j", os.environ["SLURM_JOB_ID"]),
            ("%t", "0"),
        ):
            pattern = pattern.replace(key, value)
        os.dup2(os.open(pattern, os.O_WRONLY | os.O_APPEND | os.O_CREAT), channel)
        del given[place : place + 2]
    given.remove("--unbuffered")
    put(Path(os.environ["FAKE_PLACE"]) / "pid", str(os.getpid()))
    os.execvp(given[0], given)


def sacct(*arguments):
    print("JobID|State|NodeList")
    asked = {
        two for one, two in zip(arguments, arguments[1:], strict=False) if one == "-j"
    }
    for file in sorted(FOLDER.glob("*/state")):
        if file.parent.name.partition("_")[0] in asked:
            print(f"{file.parent.name}|{file.read_text()}|here")


def scancel(name):
    for place in FOLDER.glob(name):
        (place / "cancelled").touch()
        send(place, signal.SIGTERM)


def scontrol(what, name):
    assert what == "requeue"
    (FOLDER / name / "queued_again").touch()


def put(file, text):
    """Write a file that others read at any moment."""
    partial = file.with_suffix(".partial")
    partial.write_text(text)
    partial.replace(file)


def send(place, number):
    with suppress(OSError):
        os.kill(int((place / "pid").read_text()), number)


if __name__ == "__main__":
    globals()[sys.argv[2]](*sys.argv[3:])
