"""Working together as it is kept: goals, thanks, check-ins, evaluations, and the board."""
