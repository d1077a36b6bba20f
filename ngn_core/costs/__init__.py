"""What a network costs in time and memory, measured alone."""
