"""What the recovery key opens, and who used it."""
