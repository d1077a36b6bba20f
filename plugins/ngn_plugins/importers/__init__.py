"""Importers: from published checkpoints to specs with weights, one model a file.

An importer is a class from `ngn.Importer`, with the `architecture` that the folder's
`config.json` names and the shipped `spec` (the literal one) that its weights go to:

- `overrides(config)`: what the checkpoint has otherwise than the spec, by key of the
  spec as `--set` writes it; a whole list or mapping may be replaced. A ValueError with
  a sentence refuses what the network cannot have.
- `transfer(weights, config)`: every array goes to the network's own name. `layer` and
  `copy` carry over as it is, `dense` a Keras layer, `make` what is a function of one or
  several, `same` what is listed twice, `skip` what is not needed, with the reason.
  Arrays that nobody read, names that the network lacks, tensors that it still waits
  for and shapes that differ are refused by name; nobody checks that here.
- `graphs(case, config)`: the graph of a case (default: `ngn.given_graph(case)`), with
  vectors from the structure, in the reference's order. Pairs of edges that are not
  listed are made by `graph.nest` of the importer's spec.
- `output(key, case, config)`: for each number under a key of `output` how it comes:
  scale, which graph, `state`, and `overrides` of the spec (sum or mean, say). Known
  already: `normalised` and `prediction` with the target's mean and std.
- `target(config)`: name, unit and scale of what is predicted (default: as
  `config.json` has it under `target`).
- `own_graphs(config)`: what the spec must say otherwise to build each graph of a case
  itself, for `--own-graph`.
- `taps(config)`: where an intermediate activation is seen: a module of the network, and
  what is taken of what it returns (`ngn.node_of` a block, `ngn.features_of` an
  embedding, ...). Activations without a tap are named in the report.

Register the class below, and try it: `ngn parity SPEC ../shared/parity/NAME`.
"""

import ngn_core.api as ngn
from ngn_plugins.importers.alignn import ALIGNNImporter
from ngn_plugins.importers.cgcnn import CGCNNImporter
from ngn_plugins.importers.cogn import CoGNImporter, CoNGNImporter
from ngn_plugins.importers.dimenetpp import DimeNetPPImporter
from ngn_plugins.importers.m3gnet import M3GNetImporter
from ngn_plugins.importers.matformer import MatformerImporter
from ngn_plugins.importers.megnet import MEGNetImporter
from ngn_plugins.importers.painn import PaiNNImporter
from ngn_plugins.importers.schnet import SchNetImporter


@ngn.hookimpl
def ngn_register_importers() -> list[type]:
    """Return the importers of this folder."""
    return [
        ALIGNNImporter,
        CGCNNImporter,
        CoGNImporter,
        CoNGNImporter,
        DimeNetPPImporter,
        M3GNetImporter,
        MEGNetImporter,
        MatformerImporter,
        PaiNNImporter,
        SchNetImporter,
    ]
