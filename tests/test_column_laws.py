"""The laws of crystals hold with site columns and with disordered sites, too."""

import numpy as np
import pytest
from pymatgen.core import Lattice, Structure

import ngn_core.api as ngn
from ngn_core.checks.check import check
from ngn_core.dataset.select import select
from ngn_core.packed.needs import check_columns
from ngn_core.spec.load import load_specs

PARTS = (
    "{use: concat, of: [{use: element, width: 8}, {use: column, of: magmom}, "
    "{use: gaussian, of: occupancy, bins: 4, stop: 1.0}]"
)


def crystals():
    """Magnetic and mixed: orbits of many sizes, sites that share, and vacancies."""
    build, cubic = Structure.from_spacegroup, Lattice.cubic
    oxide = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0]]
    shared = [{"Sr": 0.6, "Ba": 0.3}, "Ti", "O"]
    perovskite = build("Pm-3m", cubic(3.9), shared, oxide)
    iron = build("Im-3m", cubic(2.87), ["Fe"], [[0, 0, 0]])
    silica = [[0.4697, 0, 2 / 3], [0.4135, 0.2669, 0.7858]]
    quartz = build(
        "P3_221", Lattice.hexagonal(4.91, 5.40), [{"Si": 0.7, "Ge": 0.3}, "O"], silica
    )
    salt = build("Fm-3m", cubic(5.64), ["Ni", {"O": 0.95}], [[0, 0, 0], [0.5] * 3])
    moments = {
        "perovskite": (perovskite, np.where(perovskite.frac_coords[:, 0] == 0, 0, 0.3)),
        "ferromagnet": (iron, [2.2, 2.2004]),
        "antiferromagnet": (iron, [2.2, -2.2]),
        "quartz": (quartz, np.linspace(0, 1e-4, 9)),
        "layers": (salt, np.where(salt.frac_coords[:, 2] == 0, 1.7, -1.7)),
    }
    structures = [
        structure.copy(site_properties={"magmom": list(map(float, column))})
        for structure, column in moments.values()
    ]
    columns = {"temperature": [300.0, 77.0, 10.0, 500.0, 0.0]}
    return ngn.table_from_objects("magnets", structures, columns, list(moments))


def layers(level, of, *widths):
    """The option that embeds a level by an MLP."""
    use = f"{{use: mlp, of: {of}, layers: {list(widths)}, activation: silu}}"
    return f"network.embed.{level}={use}"


@pytest.mark.parametrize(
    ("name", "assignments"),
    [
        ("cgcnn", [f"network.embed.node={PARTS}, width: 8}}"]),
        (
            "megnet",
            [
                layers("node", f"{PARTS}}}", 32),
                layers("state", "{use: column, of: temperature, scale: 300}", 32),
            ],
        ),
        ("congn", [f"network.embed.node={PARTS}, width: 160}}"]),
    ],
)
def test_no_law_is_broken_by_columns_and_disorder(registry, name, assignments):
    few = "network.blocks.0.repeat=1"
    (spec,) = load_specs([name], registry, [*assignments, few])
    table = crystals()
    read = check_columns([spec], table)
    found = check(spec, select(table, None, on_disorder="average", read=read))
    assert not found.unbuilt
    assert not found.without_symmetry
    broken = [line for line in found.lines if line.verdict == "broken"]
    assert not broken
    assert found.passed
    sizes = {setting: levels["edge"] for setting, levels in found.sizes.items()}
    assert sizes["symmetry: orbits"] < 0.5 * sizes["symmetry: none"]
