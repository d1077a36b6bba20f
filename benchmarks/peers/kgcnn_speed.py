"""The side of kgcnn: coGN and coNGN as published, on its asymmetric-unit graphs.

kgcnn has no function that lists the pairs of edges of coNGN; they are made here as the
paper has them, all pairs of distinct edges that arrive at one atom. Its batches are
put together before the clock starts, which is to its advantage.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf
from kgcnn.crystal.preprocessor import KNNAsymmetricUnitCell, VoronoiAsymmetricUnitCell
from kgcnn.literature.coGN import make_model, model_default, model_default_nested
from kgcnn_graphs import PACKAGES, check_symmetry, made
from serving import Side, serve

Arrays = dict[str, np.ndarray]


class KgcnnSide:
    """A Keras model and its ragged batches."""

    def __init__(self, model: Any, graphs: list[Arrays], batch: int) -> None:
        self.model = model
        model.compile(loss="mean_absolute_error", optimizer=tf.keras.optimizers.Adam())
        self.parts = [
            self.assembled(graphs[first : first + batch])
            for first in range(0, len(graphs), batch)
        ]
        self.graphs, self.size, self.batches = graphs, batch, len(self.parts)
        self.predict = tf.function(
            lambda given: model(given, training=False), reduce_retracing=True
        )
        counts = {"nodes": "atomic_number", "edges": "edge_indices"}
        if "line_graph_edge_indices" in graphs[0]:
            counts["angles"] = "line_graph_edge_indices"
        self.facts = {
            **{
                name: float(np.mean([len(graph[key]) for graph in graphs]))
                for name, key in counts.items()
            },
            "parameters": int(model.count_params()),
        }

    def assembled(self, graphs: list[Arrays]) -> list[Any]:
        """Return the ragged tensors of some graphs, in the model's order."""
        return [
            tf.RaggedTensor.from_row_lengths(
                np.concatenate([graph[given.name] for graph in graphs]),
                np.array([len(graph[given.name]) for graph in graphs]),
            )
            for given in self.model.inputs
        ]

    def train(self, batch: int) -> None:
        """Take one step."""
        given = self.parts[batch]
        self.model.train_on_batch(given, np.zeros((given[0].shape[0], 1), "float32"))

    def infer(self, batch: int) -> None:
        """Predict."""
        self.predict(self.parts[batch]).numpy()

    def assemble(self, batch: int) -> None:
        """Put a batch together, as is done once here."""
        self.assembled(self.graphs[batch * self.size : (batch + 1) * self.size])


def plain(graph: Any, nested: bool) -> Arrays:
    """Return the arrays that the model reads of a networkx graph."""
    nodes = [data for _, data in graph.nodes(data=True)]
    edges = list(graph.edges(data=True))
    ends = np.array([[target, source] for source, target, _ in edges], "int32")
    found = {
        "atomic_number": np.array([one["atomic_number"] for one in nodes], "int32"),
        "multiplicity": np.array([one["multiplicity"] for one in nodes], "int32"),
        "offset": np.array([data["offset"] for _, _, data in edges], "float32"),
        "edge_indices": ends,
    }
    if nested:
        area = [data["voronoi_ridge_area"] for _, _, data in edges]
        same = ends[:, None, 0] == ends[None, :, 0]
        np.fill_diagonal(same, False)
        found["voronoi_ridge_area"] = np.array(area, "float32")
        found["line_graph_edge_indices"] = np.argwhere(same).astype("int32")
    return found


def make(crystals: list[dict[str, Any]], asked: argparse.Namespace) -> Side:
    """Return the side of a network."""
    tf.config.threading.set_intra_op_parallelism_threads(asked.threads)
    tf.config.threading.set_inter_op_parallelism_threads(asked.threads)
    nested = asked.network == "congn"
    check_symmetry(KNNAsymmetricUnitCell(24))
    build = VoronoiAsymmetricUnitCell(1e-6) if nested else KNNAsymmetricUnitCell(24)
    structures = [made(**crystal) for crystal in crystals]
    graphs = [plain(build(structure), nested) for structure in structures]
    model = make_model(**(model_default_nested if nested else model_default))
    return KgcnnSide(model, graphs, asked.batch)


if __name__ == "__main__":
    serve(make, PACKAGES)
