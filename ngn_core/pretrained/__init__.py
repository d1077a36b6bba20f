"""Published checkpoints, as specs with weights."""
