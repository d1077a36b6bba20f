"""Results as one table that holds every finding."""
