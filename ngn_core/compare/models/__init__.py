"""Trained networks outside a comparison: fitted from Python, and taken elsewhere."""
