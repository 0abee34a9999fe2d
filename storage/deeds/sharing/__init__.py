"""Deeds by which parts of a case are shown to partners, taken back, and answered."""
