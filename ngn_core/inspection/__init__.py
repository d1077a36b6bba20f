"""What a dataset or a crystal is."""
