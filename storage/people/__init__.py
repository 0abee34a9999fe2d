"""Leads: the roster, invites, joining, unlocking, and the sessions that live in memory."""
