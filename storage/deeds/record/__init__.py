"""Deeds that write the record of a case: actions, decisions, people and links."""
