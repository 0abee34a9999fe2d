"""Sharing a part of a case: what a lead puts together, and the partner's own desk."""
