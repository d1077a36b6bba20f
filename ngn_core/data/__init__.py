"""Datasets as they are trained on: selected crystals, packed graphs, batches."""
