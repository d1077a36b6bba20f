"""One trial: its digest, its run, its result, and the store of results."""
