"""One trial: a network, trained on one part of a dataset and tested on another."""
