"""`ngn.to_pyg`: the graph that a spec makes of a structure, for PyTorch Geometric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngn_core.api.keywords import several, yaml_text
from ngn_core.dataset.objects import table_from_objects

if TYPE_CHECKING:
    from torch_geometric.data import Data


def to_pyg(
    structure: Any,
    spec: str | Path,
    *,
    set: Mapping[str, Any] | None = None,
    plugin: str | Path | Sequence[str | Path] = (),
) -> Data:
    """Return the graph that a spec makes of a structure, as PyG has it.

    Keys are `edge_index` and, where the spec nests, `angle_index` ... [2, n] (sender,
    receiver); of each level the columns that the spec's network reads, `edge_length`
    say, and `node_multiplicity`, `edge_multiplicity` ... [n], how many a row stands
    for. `Batch.from_data_list` puts several side by side.

    Args:
        structure: a pymatgen Structure, ASE Atoms or a Crystal.
        spec: name of a shipped spec, or file.
        set: value by key, over the spec's own: `{"graph.symmetry": "none"}`.
        plugin: file with components, or several.

    Raises:
        SpecError: where the spec cannot be used.
        StructureError: where the structure cannot become a graph.
    """
    from ngn_core.packed.pyg import to_pyg as convert
    from ngn_core.packed.recipe import recipe_of
    from ngn_core.plugin.manager import plugin_manager
    from ngn_core.plugin.registry import collect
    from ngn_core.spec.load import load_one

    registry = collect(plugin_manager([Path(file) for file in several(plugin)]))
    assignments = [f"{key}={yaml_text(one)}" for key, one in (set or {}).items()]
    loaded = load_one(str(spec), registry, assignments)
    (row,) = table_from_objects("structure", [structure], {}).rows
    return convert(recipe_of(loaded, registry).builder()(row.crystal()))
