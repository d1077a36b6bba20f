"""Specs: YAML, resolved against the registry; an architecture and its training."""
