"""Layers that message functions, embeddings and readouts are made of."""
