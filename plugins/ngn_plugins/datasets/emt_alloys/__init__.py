"""Embedded model dataset of ordered alloys with energies from the EMT potential."""
