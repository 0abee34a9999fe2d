"""Texts with entities and keyboards, as the Bot API has them."""
