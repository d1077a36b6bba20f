"""Specs: YAML files, resolved against the registry; an architecture and its training."""
