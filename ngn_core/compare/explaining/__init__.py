"""Why one architecture is better than another: hybrids between them."""
