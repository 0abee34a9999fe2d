"""Shares: what recipients of a case see of them, a partner's own desk, what she answers, and their end."""
