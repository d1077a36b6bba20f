"""What a component of each kind must do; one interface a file."""
