"""Whatever a file of crystals says: crystals, or the project's own error."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ngn_core.api as ngn
from ngn_core.errors import NGNError
from ngn_plugins.datasets.cif_folder import CIFFolder
from ngn_plugins.datasets.csv_file import CSVFile
from ngn_plugins.datasets.jsonl import JSONLines

RELAXED = settings(
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
PIECES = st.binary(max_size=6) | st.sampled_from(
    [
        b"",
        b"\n",
        b'"',
        b"'",
        b",",
        b"loop_\n",
        b"data_x\n",
        b"_atom_site_occupancy\n",
        b"\x00",
        b"1e999",
        b"nan",
        b"-1",
        b"0",
        b"(5)",
        b"?",
        b"{",
        b"]",
        b"9" * 400,
        b"[" * 3000,
        b"Fe3+",
    ]
)

pytestmark = pytest.mark.filterwarnings("ignore")


@st.composite
def changed(draw, content):
    """Draw the content with a few pieces taken out or put in."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = min(start + draw(st.integers(0, 12)), len(content))
        content = content[:start] + draw(PIECES) + content[end:]
    return content


def check(load):
    """Read a table and all its crystals, or meet the project's own error."""
    try:
        table = load()
    except NGNError:
        return
    for row in table.rows:
        try:
            assert isinstance(row.crystal(), ngn.Crystal)
        except NGNError:
            continue


def line(**more):
    plain = {
        "id": "a",
        "lattice": [[4.0, 0, 0], [0, 4.0, 0], [0, 0, 4.0]],
        "frac": [[0, 0, 0], [0.5, 0.5, 0.5]],
        "species": ["Cs", "Cl"],
        "gap": 1.5,
    }
    return json.dumps({**plain, **more})


LINES = f"{line()}\n{line(id='b', species=['Na', 'Cl'])}\n".encode()


@RELAXED
@given(st.data())
def test_cif_files(tmp_path, cif, data):
    (tmp_path / "a.cif").write_bytes(data.draw(changed(cif.encode())))
    check(lambda: CIFFolder().load(str(tmp_path)))


@RELAXED
@given(st.data())
def test_tables_beside_cif_files(tmp_path, cif, data):
    (tmp_path / "a.cif").write_text(cif)
    values = b"id,gap,fold\na,1.5,0\n"
    (tmp_path / "id_prop.csv").write_bytes(data.draw(changed(values)))
    check(lambda: CIFFolder().load(str(tmp_path)))


@RELAXED
@given(st.data())
def test_csv_files(tmp_path, cif, data):
    file = tmp_path / "a.csv"
    file.write_bytes(data.draw(changed(f'id,gap,cif\nx,1.5,"{cif}"\n'.encode())))
    check(lambda: CSVFile().load(str(file)))


@RELAXED
@given(changed(LINES))
def test_lines_of_json(tmp_path, content):
    file = tmp_path / "a.jsonl"
    file.write_bytes(content)
    check(lambda: JSONLines().load(str(file)))


@RELAXED
@given(changed(gzip.compress(LINES, mtime=0)))
def test_packed_lines_of_json(tmp_path, content):
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(content)
    check(lambda: JSONLines().load(str(file)))
