"""A draft together with all it is read by: its definition, the world, its questions."""
