"""MOVED to ngn_core/spec/graph.py (the lower floor that specs are checked on): edit it THERE."""

from ngn_core.spec.graph import GraphOptions, PairRule  # noqa: F401
