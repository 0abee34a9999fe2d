"""Backups: made while Hark runs, checked, and put back."""
