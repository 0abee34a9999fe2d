"""What the desk calls things, by their ids, and how it says days."""
