"""From a table to crystals, targets and folds."""
