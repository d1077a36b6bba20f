"""How specs are trained to be compared: as published, equally, or tuned."""
