"""The primitives that everything sealed is made of."""
