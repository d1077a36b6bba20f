"""The laws that every network and graph obeys, and parity with references."""
