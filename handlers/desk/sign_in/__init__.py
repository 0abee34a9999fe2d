"""Joining, unlocking, and the PIN lock."""
