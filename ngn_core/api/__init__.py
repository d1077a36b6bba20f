"""What plugins import, and what people call: `import ngn` holds the same.

What only people call imports the engine where it is called, so that a plugin is
imported without it.
"""

from ngn_core.api.comparison import Comparison as Comparison
from ngn_core.api.comparison import compare as compare
from ngn_core.api.datasets import open_dataset as open_dataset
from ngn_core.api.graphs import to_pyg as to_pyg
from ngn_core.checks.conformance import check_dataset as check_dataset
from ngn_core.checks.conformance import check_spec as check_spec
from ngn_core.crystal.ase_atoms import from_ase as from_ase
from ngn_core.crystal.crystal import Crystal as Crystal
from ngn_core.crystal.elements import number_of as number_of
from ngn_core.crystal.neighbors import nearest_neighbors as nearest_neighbors
from ngn_core.crystal.neighbors import neighbors_within as neighbors_within
from ngn_core.crystal.reading import from_arrays as from_arrays
from ngn_core.crystal.reading import from_pymatgen as from_pymatgen
from ngn_core.crystal.reading import read_cif as read_cif
from ngn_core.crystal.reading import read_file as read_file
from ngn_core.dataset.dataset import Dataset as Dataset
from ngn_core.dataset.dataset import DatasetTable as DatasetTable
from ngn_core.dataset.dataset import Row as Row
from ngn_core.dataset.dataset import SiteColumn as SiteColumn
from ngn_core.dataset.dataset import Target as Target
from ngn_core.dataset.objects import table_from_objects as table_from_objects
from ngn_core.dataset.site_columns import site_columns as site_columns
from ngn_core.dataset.split import Pool as Pool
from ngn_core.dataset.split import Split as Split
from ngn_core.errors import DatasetError as DatasetError
from ngn_core.errors import ExecutorError as ExecutorError
from ngn_core.errors import NGNError as NGNError
from ngn_core.errors import StructureError as StructureError
from ngn_core.experiment.estimator import BaselineEstimator as BaselineEstimator
from ngn_core.graph.graph_constructor import Edges as Edges
from ngn_core.graph.graph_constructor import (
    GraphConstructor as GraphConstructor,
)
from ngn_core.network.activation import ActivationName as ActivationName
from ngn_core.network.activation import activation as activation
from ngn_core.network.aggregation import Aggregation as Aggregation
from ngn_core.network.batch_norm import BatchNorm as BatchNorm
from ngn_core.network.embedding import Embedded as Embedded
from ngn_core.network.embedding import Embedding as Embedding
from ngn_core.network.embedding import Widths as Widths
from ngn_core.network.endpoint import Endpoint as Endpoint
from ngn_core.network.gate import Gate as Gate
from ngn_core.network.graph import Graph as Graph
from ngn_core.network.head import Head as Head
from ngn_core.network.initialization import Initialization as Initialization
from ngn_core.network.joined_linear import JoinedLinear as JoinedLinear
from ngn_core.network.level_batch import LevelBatch as LevelBatch
from ngn_core.network.message_function import BlockState as BlockState
from ngn_core.network.message_function import Dims as Dims
from ngn_core.network.message_function import (
    MessageFunction as MessageFunction,
)
from ngn_core.network.mlp import MLP as MLP
from ngn_core.network.readout import Readout as Readout
from ngn_core.network.set2set import Set2Set as Set2Set
from ngn_core.plugin.cores import cores_here as cores_here
from ngn_core.plugin.executor import UNFINISHED as UNFINISHED
from ngn_core.plugin.executor import Call as Call
from ngn_core.plugin.executor import Ended as Ended
from ngn_core.plugin.executor import Executor as Executor
from ngn_core.plugin.executor import with_threads as with_threads
from ngn_core.plugin.hookspecs import hookimpl as hookimpl
from ngn_core.plugin.options import Kind as Kind
from ngn_core.plugin.options import Options as Options
from ngn_core.plugin.options import Unit as Unit
from ngn_core.plugin.options import Use as Use
from ngn_core.prediction.fitted import Estimator as Estimator
from ngn_core.pretrained.importer import AS_GIVEN as AS_GIVEN
from ngn_core.pretrained.importer import Case as Case
from ngn_core.pretrained.importer import Config as Config
from ngn_core.pretrained.importer import Given as Given
from ngn_core.pretrained.importer import Importer as Importer
from ngn_core.pretrained.importer import Output as Output
from ngn_core.pretrained.importer import Scale as Scale
from ngn_core.pretrained.importer import Tap as Tap
from ngn_core.pretrained.importer import basis_of as basis_of
from ngn_core.pretrained.importer import edge_of as edge_of
from ngn_core.pretrained.importer import features_of as features_of
from ngn_core.pretrained.importer import given_graph as given_graph
from ngn_core.pretrained.importer import node_of as node_of
from ngn_core.pretrained.importer import state_of as state_of
from ngn_core.pretrained.importer import whole as whole
from ngn_core.pretrained.transfer import Transfer as Transfer
from ngn_core.pretrained.transfer import by_number as by_number
from ngn_core.pretrained.transfer import mlp_layers as mlp_layers
from ngn_core.training.loss import Loss as Loss
from ngn_core.training.metric import Metric as Metric
from ngn_core.training.optimizer import Optimizer as Optimizer
from ngn_core.training.schedule import Schedule as Schedule
