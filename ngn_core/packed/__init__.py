"""The graphs of a dataset in flat arrays, cached."""
