"""Predictions of trained networks and of published weights."""
