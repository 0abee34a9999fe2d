"""What a case is made of: its clear row, who can open it, its sealed header and its sealed, signed entries."""
