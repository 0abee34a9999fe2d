"""Backups: made while Hark runs, checked before they count, and restored only if all of it verifies."""
