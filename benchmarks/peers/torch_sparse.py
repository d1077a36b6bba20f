"""Stands in for torch_sparse: of it, Matformer's code names one type and uses none."""

from torch_geometric.typing import SparseTensor as SparseTensor
