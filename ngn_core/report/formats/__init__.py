"""One file a format; each renders any typed table."""
