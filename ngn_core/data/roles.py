"""What a crystal is for in a fold."""

UNUSED, TRAIN, VALIDATION, TEST = range(4)
