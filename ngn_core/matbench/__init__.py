"""Results beside MatBench's board, and submissions to it."""
