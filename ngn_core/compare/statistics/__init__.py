"""Which of two specs is better, on the same folds, seeds and crystals."""
