"""The people in the cases that a lead opens, by her own index, and what is said of two cases at once."""
