"""Keys, where they are kept, and who opens them."""
