"""Changing the server key: every row and file that is under the old one, the order of the steps, and going on."""
