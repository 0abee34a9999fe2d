"""Who may read a case: shown, kept out, let in, and why somebody reads."""
