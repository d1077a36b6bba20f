"""The laws that a network obeys on real crystals, and how they are checked."""
