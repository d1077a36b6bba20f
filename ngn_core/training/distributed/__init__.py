"""One training on several devices at once."""
