"""A whole file from one Hark to another: the key it is sealed to, how it leaves, and how it is taken in."""
