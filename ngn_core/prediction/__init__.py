"""What trained models say of other crystals."""
