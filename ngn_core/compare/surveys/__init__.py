"""What is in a dataset, and in a crystal's graph."""
