"""A whole file to another Hark, its receipt, and one that comes from there."""
