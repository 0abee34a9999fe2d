"""Notices to leads: put into the outbox, told, told again, and alerts where they do not arrive."""
