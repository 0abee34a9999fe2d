"""Composition: settings, command line, wiring, the loops, and the web chat door."""
