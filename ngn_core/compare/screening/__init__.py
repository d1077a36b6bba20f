"""Predictions for more crystals than memory holds, with intervals and warnings."""
