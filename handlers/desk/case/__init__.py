"""A case on the screen: queue, card, words, history."""
