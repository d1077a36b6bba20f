"""What a crystal is for in a fold."""

UNUSED, TRAIN, VALIDATION, TEST, INNER = range(5)
"""`INNER` is for validation and scored on: choices are made by it, inside of a fold."""
