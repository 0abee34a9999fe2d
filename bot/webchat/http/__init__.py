"""The public port: the page, its own small protocol, and what keeps others out."""
