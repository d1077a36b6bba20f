"""From a crystal to its quotient graph."""
