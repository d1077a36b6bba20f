"""Whether coGN predicts the same on a crystal, its asymmetric unit and its orbits.

One network with random weights meets the graphs of every structure of a dataset under
`symmetry: none`, `asymmetric` and `orbits`. Printed and written as JSON: how far its
outputs lie apart, in float32 as in training and in float64, how many nodes and edges a
graph has, and what building and evaluating them cost.

    python benchmarks/symmetry.py ../shared/data/matbench_phonons
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch

from ngn_core.dataset.open import open_dataset
from ngn_core.dataset.select import select
from ngn_core.experiment.environment import environment
from ngn_core.network.architecture import architecture_of
from ngn_core.network.build import build_network
from ngn_core.network.network import Network
from ngn_core.packed.graphs import BuiltGraphs, build_graphs
from ngn_core.packed.packed import PackedGraphs
from ngn_core.packed.recipe import GraphRecipe
from ngn_core.plugin.levels import LEVELS
from ngn_core.plugin.manager import plugin_manager
from ngn_core.plugin.registry import Registry, collect
from ngn_core.spec.load import load_specs
from ngn_core.training.inference import infer

SETTINGS = ("none", "asymmetric", "orbits")
BAR = 1e-5
"""How far outputs in float32 may lie apart."""


def compare(
    data: str, limit: int | None, registry: Registry, spec: str = "cogn", seed: int = 0
) -> dict[str, Any]:
    """Return what the settings cost and how far their outputs lie apart.

    Args:
        data: any dataset that `--dataset` takes.
        limit: at most so many crystals.
        registry: where components are looked up.
        spec: path or name.
        seed: of the weights.
    """
    crystals = select(open_dataset(data, registry), None, limit=limit)
    torch.manual_seed(seed)
    network: Network | None = None
    settings: dict[str, Any] = {}
    outputs: dict[str, dict[str, torch.Tensor]] = {"float32": {}, "float64": {}}
    known: set[str] | None = None
    for setting in SETTINGS:
        resolved = load_specs([spec], registry, [f"graph.symmetry={setting}"])[0]
        if network is None:
            network = build_network(resolved)
        recipe = GraphRecipe.of(
            resolved.graph, architecture_of(resolved).columns, registry
        )
        built = build_graphs(
            crystals.ids, crystals.crystals, recipe, None, lambda done: None
        )
        assert built.graphs is not None
        assert known is None or known == set(built.number)
        known = set(built.number)
        settings[setting] = _sizes(built)
        for precision, found in outputs.items():
            dtype = getattr(torch, precision)
            graphs = built.graphs.to("cpu", dtype)
            start = time.perf_counter()
            found[setting] = _outputs(network.to(dtype), graphs)
            seconds = time.perf_counter() - start
            settings[setting][f"seconds_to_evaluate_in_{precision}"] = seconds
    ids = list(built.number)
    return {
        "dataset": Path(data).name,
        "spec": spec,
        "seed": seed,
        "crystals": len(ids),
        "failures": dict(built.failures),
        "finders": sorted({str(facts["finder"]) for facts in built.facts.values()}),
        "settings": settings,
        "deviations": {
            precision: _deviations(found, ids) for precision, found in outputs.items()
        },
        "environment": environment(torch.device("cpu")),
    }


def _outputs(network: Network, graphs: PackedGraphs) -> torch.Tensor:
    return infer(network, graphs, torch.arange(len(graphs)), 32).double()


def _sizes(built: BuiltGraphs) -> dict[str, float]:
    assert built.graphs is not None
    sizes = zip(LEVELS, built.graphs.sizes(), strict=False)
    return {
        **{f"{level}s_per_crystal": mean for level, mean in sizes},
        "seconds_to_build": built.seconds,
    }


def _deviations(outputs: dict[str, torch.Tensor], ids: list[str]) -> dict[str, Any]:
    """Return how far the quotients' outputs lie from those of `none`."""
    whole = outputs["none"]
    spread = float(whole.std())
    deviations: dict[str, Any] = {"std_of_outputs": spread}
    for setting in SETTINGS[1:]:
        apart = (outputs[setting] - whole).abs()
        worst = int(apart.argmax())
        deviations[setting] = {
            "largest": float(apart[worst]),
            "largest_over_std": float(apart[worst]) / spread,
            "mean": float(apart.mean()),
            "worst_crystal": ids[worst],
            "above_bar": int((apart > BAR).sum()),
        }
    return deviations


def _print(result: dict[str, Any]) -> None:
    print(f"{result['spec']}, {result['dataset']}, {result['crystals']} crystals")
    for setting, sizes in result["settings"].items():
        print(
            f"  {setting:10}  N {sizes['nodes_per_crystal']:6.2f}"
            f"  E {sizes['edges_per_crystal']:7.1f}"
            f"  built in {sizes['seconds_to_build']:6.1f} s"
            f"  evaluated in {sizes['seconds_to_evaluate_in_float32']:6.1f} s"
        )
    for precision, found in result["deviations"].items():
        print(f"  {precision}: outputs have std {found['std_of_outputs']:.3g}")
        for setting in SETTINGS[1:]:
            apart = found[setting]
            print(
                f"    {setting:10}  max |difference| {apart['largest']:.2e}"
                f" = {apart['largest_over_std']:.2e} std ({apart['worst_crystal']})"
                f"  above {BAR:g}: {apart['above_bar']}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", help="a dataset: a folder, a file or a name")
    parser.add_argument("--limit", type=int, help="at most so many crystals")
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results" / "symmetry.json"
    )
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    result = compare(asked.data, asked.limit, collect(plugin_manager()))
    _print(result)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
