"""Commands that copy, bring back, move and end what is kept."""
