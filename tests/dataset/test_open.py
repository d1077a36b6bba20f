from __future__ import annotations

import pytest

from ngn_core.dataset.open import open_dataset
from ngn_core.errors import DatasetError


def refusal(source, registry):
    with pytest.raises(DatasetError) as error:
        open_dataset(str(source), registry)
    return str(error.value)


@pytest.mark.parametrize("source", ["nowhere", ""])
def test_what_is_not_there_is_called_so(registry, source):
    text = refusal(source, registry)
    assert f"--dataset {source}: no such name, folder or file; expected one" in text


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "the folder is empty; expected one of"),
        (
            ["a.xyz", "b.xyz", "README", "inner/a.cif"],
            "the folder holds no structure file, data.jsonl or id_prop.csv "
            "(found 2 .xyz files, ",
        ),
        ([f"a.{kind}" for kind in "uvwxyz"], " file, ...); expected one of"),
    ],
)
def test_a_folder_that_nothing_opens_says_what_it_holds(
    registry, tmp_path, names, message
):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert message in refusal(tmp_path, registry)
    if "README" in names:
        text = refusal(tmp_path, registry)
        assert "1 plain file" in text
        assert "1 folder" in text


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.xyz", "a single .xyz file"), ("table", "a file without ending")],
)
def test_a_file_that_nothing_opens_says_its_kind(registry, tmp_path, name, kind):
    (tmp_path / name).write_text("x")
    assert f"{name}: it is {kind}, which no dataset opens; expected one of" in refusal(
        tmp_path / name, registry
    )


def test_every_kind_is_named_once(registry):
    lines = refusal("nowhere", registry).splitlines()[1:]
    names = [dataset.name for dataset in registry.components("dataset")]
    assert [line.split(":")[0].strip() for line in lines] == names
    assert not any(
        line.strip().startswith(f"{n}: {n}") for line in lines for n in names
    )
