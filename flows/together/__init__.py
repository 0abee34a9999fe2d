"""What partners and leads want together and how it goes: goals, round tables, check-ins, evaluations, the board."""
