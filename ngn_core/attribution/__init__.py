"""Why one architecture is better than another."""
