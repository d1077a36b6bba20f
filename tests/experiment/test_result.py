"""A stored result is read as it was written, or refused: nothing in between."""

from __future__ import annotations

import hashlib
import json

import pytest

from ngn_core.errors import DamagedError, TrialError
from ngn_core.experiment import facts
from ngn_core.experiment.facts import CRYSTALS, FACTS, DatasetFacts, write_facts
from ngn_core.experiment.result import (
    CURVE,
    PREDICTIONS,
    RESULT,
    SPEC,
    read_result,
    write_result,
)
from ngn_core.experiment.store import Store, result_folders
from ngn_core.experiment.stored import read_results

DIGEST = "f" * 64
KNOWN = DatasetFacts(
    "d", 2, "official", tested={"a": facts.TestedCrystal("NaCl", 225, 2)}
)


@pytest.fixture
def folder(trial_result, tmp_path):
    """A stored result of two crystals, with its facts."""
    folder = tmp_path / DIGEST[:16]
    folder.mkdir()
    result = trial_result(
        "CGCNN",
        0,
        0.25,
        digest=DIGEST,
        predictions=(("a", 1.0, 1.5), ("b", 2.0, 2.0625)),
        curve=({"epoch": 1, "train_loss": 0.5, "validation_loss": None},),
        cost={"parameters": 7, "train_seconds": 0.5},
        written="name: CGCNN\n",
    )
    write_result(result, folder)
    write_facts(KNOWN, folder)
    return folder


def cut(file):
    """Take the last line away, which leaves a table that looks whole."""
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))


def change(file):
    text = file.read_text()
    digit = max(text.rfind(one) for one in "0123456789CN")
    other = "7" if text[digit] == "6" else "6"
    file.write_text(f"{text[:digit]}{other}{text[digit + 1 :]}")


DAMAGE = {
    "gone": lambda file: file.unlink(),
    "empty": lambda file: file.write_bytes(b""),
    "cut": cut,
    "changed": change,
    "not text": lambda file: file.write_bytes(b"\xff" + file.read_bytes()),
    "zeros": lambda file: file.write_bytes(bytes(len(file.read_bytes()))),
}


@pytest.mark.parametrize("name", [RESULT, PREDICTIONS, CURVE, SPEC])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_to_any_file_is_seen(folder, name, damage):
    read_result(folder)
    DAMAGE[damage](folder / name)
    with pytest.raises(DamagedError, match=f"{folder.name}: not a whole result"):
        read_result(folder)
    with pytest.raises(TrialError, match=folder.name):  # a report does not leave it out
        read_results([folder.parent])


@pytest.mark.parametrize("name", [FACTS, CRYSTALS])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_facts_are_refused_by_reports_and_written_again_by_comparisons(
    folder, name, damage
):
    DAMAGE[damage](folder / name)
    if (name, damage) != (FACTS, "gone"):
        with pytest.raises(TrialError, match="facts of its crystals are damaged"):
            read_result(folder)
    found = Store(folder.parent).find(DIGEST)
    assert found.facts is None
    assert found.scores[0].value == 0.25


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fold", "0"),
        ("fold", 1.5),
        ("scores", {}),
        ("scores", [{"name": "mae"}]),
        ("cost", []),
        ("point", [1]),
        ("origin", "dreamt"),
        ("more", 1),
        ("files", []),
    ],
)
def test_values_of_other_kinds_are_refused_also_with_their_check_sum(
    folder, key, value
):
    plain = json.loads((folder / RESULT).read_text())
    write_summed({**plain, key: value}, folder)
    with pytest.raises(DamagedError, match=key if key != "files" else "by name"):
        read_result(folder)


def test_a_result_lacks_nothing(folder):
    whole, plain = read_result(folder), json.loads((folder / RESULT).read_text())
    write_summed(plain, folder)
    assert read_result(folder) == whole
    for name in plain.keys() - {"sha256"}:
        rest = {key: value for key, value in plain.items() if key != name}
        write_summed(rest, folder)
        with pytest.raises(DamagedError, match=name):
            read_result(folder)


def test_a_result_without_a_check_sum_is_damaged(folder):
    plain = json.loads((folder / RESULT).read_text())
    del plain["sha256"]
    (folder / RESULT).write_text(json.dumps(plain, indent=1))
    with pytest.raises(DamagedError, match="sha256"):
        read_result(folder)


def write_summed(plain, folder):
    """Write what `result.json` says with a check sum that is right."""
    rest = {key: value for key, value in plain.items() if key != "sha256"}
    text = json.dumps(rest, indent=1, ensure_ascii=False)
    own = {"sha256": hashlib.sha256(text.encode()).hexdigest()}
    (folder / RESULT).write_text(json.dumps({**rest, **own}, indent=1))


def test_a_result_of_another_format_is_not_damaged(folder):
    (folder / RESULT).write_text('{"format": 99}')
    with pytest.raises(TrialError, match="of format 99; expected 1") as raised:
        read_result(folder)
    assert not isinstance(raised.value, DamagedError)


def test_a_result_that_may_not_be_read_is_not_damaged(folder, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", refused)
    with pytest.raises(TrialError, match="cannot be read: .*denied") as raised:
        read_result(folder)
    assert not isinstance(raised.value, DamagedError)


def test_a_damaged_result_is_put_aside_and_never_lost(folder):
    store = Store(folder.parent, beat=1e6)
    for number in (1, 2):
        with store.lock(DIGEST):
            aside = store.set_aside(DIGEST)
        assert aside.name.endswith(f".damaged-{number}")
        assert (aside / PREDICTIONS).exists()
        assert store.find(DIGEST) is None
        assert list(result_folders(folder.parent)) == []
        folder.mkdir()
        (folder / PREDICTIONS).write_text("id")
