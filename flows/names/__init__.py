"""Whether a text names somebody, however the name is typed."""
