"""Screens of working together: goals, round tables, check-ins, thanks, evaluations, and the board."""
