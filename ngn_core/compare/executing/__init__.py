"""Running the trials of a comparison in other processes, through an executor."""
