"""Screens of a round table on a share, as leads hold it: by one of them, or by two."""
