"""Deeds that change who reads a case."""
