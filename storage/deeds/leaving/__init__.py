"""Deeds by which a case leaves: handed out, handed over, or at the end of its time."""
