"""What must hold of a definition, and how its texts read."""
