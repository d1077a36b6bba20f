"""From a structure to its graph: cell, symmetry, edges, pairs, quotient."""
