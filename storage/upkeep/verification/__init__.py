"""Whether everything that is kept is genuine and whole."""
